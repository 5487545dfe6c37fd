using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Book;

/// <summary>C# as HTML: each token in a span whose class says what it is, by Roslyn's own parser.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Preview, kind: SourceCodeKind.Script);

    /// <summary>The code in colours; code that is too much for the parser, without.</summary>
    public static string ToHtml(string code)
    {
        if (CodeBounds.Problem(code) is not null) return Escaped.Html(code);
        try
        {
            return BookLimit.Run(() => CodeBounds.Parse(() => Coloured(code)));
        }
        catch (BookLimitException)
        {
            return Escaped.Html(code);
        }
    }

    private static string Coloured(string code)
    {
        // Lines that begin with #! are the notebook's own and no C#.
        StringBuilder html = new();
        StringBuilder run = new();
        foreach (var line in code.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("#!", StringComparison.Ordinal))
            {
                Parsed(html, run);
                html.Append("<span class=\"directive\">").Append(Escaped.Html(line)).Append("</span>\n");
            }
            else run.Append(line).Append('\n');
        }
        Parsed(html, run);
        return html.ToString().TrimEnd('\n');
    }

    private static void Parsed(StringBuilder html, StringBuilder code)
    {
        if (code.Length == 0) return;
        var root = CSharpSyntaxTree.ParseText(code.ToString(), Script).GetRoot();
        foreach (var token in root.DescendantTokens(descendIntoTrivia: false))
        {
            foreach (var trivia in token.LeadingTrivia) Append(html, trivia);
            Append(html, token.Text, ClassOf(token));
            foreach (var trivia in token.TrailingTrivia) Append(html, trivia);
        }
        code.Clear();
    }

    private static void Append(StringBuilder html, SyntaxTrivia trivia)
    {
        var text = trivia.ToFullString();
        var comment = text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("/*", StringComparison.Ordinal);
        Append(html, text, trivia.IsDirective ? "directive" : comment ? "comment" : null);
    }

    private static void Append(StringBuilder html, string text, string? kind)
    {
        if (text.Length == 0) return;
        if (kind is null) html.Append(Escaped.Html(text));
        else html.Append("<span class=\"").Append(kind).Append("\">").Append(Escaped.Html(text)).Append("</span>");
    }

    private static string? ClassOf(SyntaxToken token)
    {
        var kind = token.Kind();
        if (kind is SyntaxKind.NumericLiteralToken) return "number";
        if (kind is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken) return "string";
        if (kind is SyntaxKind.IdentifierToken) return ClassOfName(token);
        return SyntaxFacts.IsKeywordKind(kind) || SyntaxFacts.IsContextualKeyword(kind) ? "keyword" : null;
    }

    // Without a compilation a name's role is read off its place; a capital letter on the left of a dot is taken for a type.
    private static string? ClassOfName(SyntaxToken token) => token.Parent switch
    {
        IdentifierNameSyntax { Identifier.Text: "var" or "dynamic" or "nameof" } => "keyword",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "function",
        BaseTypeDeclarationSyntax or TypeParameterSyntax => "type",
        GenericNameSyntax
        {
            Parent: InvocationExpressionSyntax or MemberAccessExpressionSyntax
            {
                Parent: InvocationExpressionSyntax
            }
        } => "function",
        SimpleNameSyntax { Parent: InvocationExpressionSyntax } => "function",
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access } name
            when access.Name == name => "function",
        SimpleNameSyntax { Parent: MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } } => "function",
        GenericNameSyntax => "type",
        SimpleNameSyntax name when IsType(name) => "type",
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name when access.Expression == name
            && char.IsUpper(token.Text[0]) => "type",
        _ => null,
    };

    private static bool IsType(SimpleNameSyntax name) => name.Parent switch
    {
        CastExpressionSyntax cast => cast.Type == name,
        ObjectCreationExpressionSyntax or VariableDeclarationSyntax or ParameterSyntax or TypeArgumentListSyntax or ArrayTypeSyntax => true,
        NullableTypeSyntax or BaseTypeSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or TupleElementSyntax =>
            true,
        TypeOfExpressionSyntax or DeclarationPatternSyntax or PropertyDeclarationSyntax => true,
        _ => false,
    };
}
