using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.DotNet.Interactive.CSharp.Language;

/// <summary>A cell as it is being written, compiled after the cells that ran, and a place in it.</summary>
internal sealed class CodePosition
{
    internal CodePosition(SubmissionChain chain, string code, LinePosition linePosition)
    {
        // Directives are no C#; spaces in their place keep every position.
        var lines = code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (Directives.DirectiveLine.TryParse(lines[i], out _))
                lines[i] = new string(' ', lines[i].Length);
        Compilation = chain.Compile(string.Join('\n', lines), "cell");
        Tree = Compilation.SyntaxTrees[^1];
        var text = Tree.GetText();
        var line = text.Lines[Math.Clamp(linePosition.Line, 0, text.Lines.Count - 1)];
        Position = Math.Clamp(line.Start + linePosition.Character, line.Start, line.End);
        Model = new Lazy<SemanticModel>(() => Compilation.GetSemanticModel(Tree));
    }

    internal CSharpCompilation Compilation { get; }

    internal SyntaxTree Tree { get; }

    internal int Position { get; }

    internal Lazy<SemanticModel> Model { get; }

    /// <summary>Where the identifier that ends at the position begins.</summary>
    internal int WordStart
    {
        get
        {
            var text = Tree.GetText();
            var start = Position;
            while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(text[start - 1])) start--;
            return start;
        }
    }

    internal bool IsInTextOrComment
    {
        get
        {
            if (Tree.GetRoot().FindTrivia(Position > 0 ? Position - 1 : 0) is var trivia
                && (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))) return true;
            var token = Tree.GetRoot().FindToken(Math.Max(0, Position - 1));
            return token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                && Position > token.SpanStart && (Position < token.Span.End || token.ContainsDiagnostics);
        }
    }
}
