using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.DotNet.Interactive.CSharp.Language;

/// <summary>What a name means: its signature and its documentation.</summary>
internal static class Hover
{
    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayFormat.MinimallyQualifiedFormat.MemberOptions | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeConstantValue);

    /// <summary>The symbol's text at a place, or null; the place in an argument list stands for the method that is called.</summary>
    internal static (string PlainText, string Markdown, LinePositionSpan Span)? At(CodePosition code)
    {
        var root = code.Tree.GetRoot();
        var token = root.FindToken(code.Position);
        if (!token.IsKind(SyntaxKind.IdentifierToken) && code.Position > 0 && root.FindToken(code.Position - 1) is var left
            && left.Span.End == code.Position && (left.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(left.Kind()))) token = left;
        var (symbols, node) = SymbolsOf(code.Model.Value, token);
        if (symbols.Count == 0 && token.Parent?.AncestorsAndSelf().FirstOrDefault(n => n is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax) is { } call)
            (symbols, node) = (Candidates(code.Model.Value, call), call);
        if (symbols.Count == 0 || node is null) return null;
        var signatures = symbols.Select(symbol => symbol.ToMinimalDisplayString(code.Model.Value, node.SpanStart, Signature)).Distinct().ToList();
        var documentation = symbols.Select(DocumentationText.Of).FirstOrDefault(text => text.Length > 0) ?? "";
        var span = LinePositionSpan.FromCodeAnalysisLinePositionSpan(code.Tree.GetLineSpan(token.Span).Span);
        var plain = string.Join('\n', signatures) + (documentation.Length > 0 ? "\n\n" + documentation : "");
        var markdown = $"```csharp\n{string.Join('\n', signatures)}\n```" + (documentation.Length > 0 ? "\n\n" + documentation.Replace("\n", "  \n") : "");
        return (plain, markdown, span);
    }

    private static (IReadOnlyList<ISymbol>, SyntaxNode?) SymbolsOf(SemanticModel model, SyntaxToken token)
    {
        if (token.Parent is not { } node || (!token.IsKind(SyntaxKind.IdentifierToken) && node is not PredefinedTypeSyntax)) return ([], null);
        if (model.GetDeclaredSymbol(node) is { } declared) return ([declared], node);
        if (Candidates(model, node) is { Count: > 0 } found) return (found, node);
        return model.GetTypeInfo(node).Type is { TypeKind: not TypeKind.Error } type ? ([type], node) : ([], null);
    }

    private static IReadOnlyList<ISymbol> Candidates(SemanticModel model, SyntaxNode node)
    {
        var info = model.GetSymbolInfo(node);
        if (info.Symbol is { } symbol) return [symbol];
        if (info.CandidateSymbols.Length > 0) return info.CandidateSymbols;
        return node is InvocationExpressionSyntax call ? [.. model.GetMemberGroup(call.Expression)]
            : node is ExpressionSyntax expression ? [.. model.GetMemberGroup(expression)] : [];
    }
}
