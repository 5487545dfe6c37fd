using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Events;

namespace Microsoft.DotNet.Interactive.CSharp.Language;

/// <summary>The names that can stand at a place: members after a dot, else everything in scope and the keywords.</summary>
internal static class Completions
{
    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly string[] Keywords =
    [
        .. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText),
        "async", "await", "record", "var", "when", "where", "yield", "global", "nameof", "dynamic", "init", "with", "and", "or", "not",
    ];

    internal static IReadOnlyList<CompletionItem> At(CodePosition code)
    {
        if (code.IsInTextOrComment) return [];
        var start = code.WordStart;
        var prefix = code.Tree.GetText().ToString(Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(start, code.Position));
        var symbols = Symbols(code, start, out var afterDot)
            .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(symbol => symbol.Name, StringComparer.Ordinal)
            .Select(group => Item(code, start, group));
        var keywords = afterDot ? [] : Keywords.Where(word => prefix.Length > 0 && word.StartsWith(prefix, StringComparison.Ordinal))
            .Select(word => new CompletionItem(word, "Keyword"));
        return [.. symbols.Concat(keywords).DistinctBy(item => item.DisplayText)
            .OrderBy(item => !item.DisplayText.StartsWith(prefix, StringComparison.Ordinal)).ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)];
    }

    private static IEnumerable<ISymbol> Symbols(CodePosition code, int start, out bool afterDot)
    {
        var model = code.Model.Value;
        var dot = code.Tree.GetRoot().FindToken(Math.Max(0, start - 1));
        while (dot.SpanStart >= start && dot.SpanStart > 0) dot = dot.GetPreviousToken(includeZeroWidth: false);
        if (dot.IsKind(SyntaxKind.None) || dot.Kind() is not (SyntaxKind.DotToken or SyntaxKind.ColonColonToken or SyntaxKind.MinusGreaterThanToken)
            || dot.Span.End > start)
        {
            afterDot = false;
            return model.LookupSymbols(start);
        }
        afterDot = true;
        return dot.Parent switch
        {
            MemberAccessExpressionSyntax access => Members(model, access.Expression, start),
            MemberBindingExpressionSyntax binding when binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access =>
                Members(model, access.Expression, start),
            QualifiedNameSyntax name => Members(model, name.Left, start),
            _ => [],
        };
    }

    private static IEnumerable<ISymbol> Members(SemanticModel model, ExpressionSyntax expression, int position)
    {
        var info = model.GetSymbolInfo(expression);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        if (symbol is IAliasSymbol alias) symbol = alias.Target;
        if (symbol is INamespaceSymbol ns) return model.LookupNamespacesAndTypes(position, ns);
        if (symbol is ITypeSymbol named)
        {
            var statics = model.LookupStaticMembers(position, named);
            return named.Name == (expression as IdentifierNameSyntax)?.Identifier.Text && model.GetTypeInfo(expression).Type is not { } ? statics
                : statics.Concat(ColorColor(model, expression, position));
        }
        return model.GetTypeInfo(expression).Type is { TypeKind: not TypeKind.Error } type ? Instance(model, type, position) : [];
    }

    /// <summary>A name that is both a type and a variable of it.</summary>
    private static IEnumerable<ISymbol> ColorColor(SemanticModel model, ExpressionSyntax expression, int position) =>
        expression is IdentifierNameSyntax name && model.LookupSymbols(position, name: name.Identifier.Text)
            .FirstOrDefault(s => s is ILocalSymbol or IFieldSymbol or IParameterSymbol or IPropertySymbol) is { } value
            ? Instance(model, value switch
            {
                ILocalSymbol local => local.Type,
                IFieldSymbol field => field.Type,
                IParameterSymbol parameter => parameter.Type,
                _ => ((IPropertySymbol)value).Type,
            }, position)
            : [];

    private static IEnumerable<ISymbol> Instance(SemanticModel model, ITypeSymbol type, int position) =>
        model.LookupSymbols(position, type, includeReducedExtensionMethods: true)
            .Where(symbol => !symbol.IsStatic && symbol is not ITypeSymbol || symbol is IMethodSymbol { ReducedFrom: not null });

    private static CompletionItem Item(CodePosition code, int position, IGrouping<string, ISymbol> overloads)
    {
        var first = overloads.First();
        var more = overloads.Count() - 1;
        var signature = first.ToMinimalDisplayString(code.Model.Value, position, Signature)
            + (more > 0 ? $" (+ {more} {(more == 1 ? "overload" : "overloads")})" : "");
        return new CompletionItem(first.Name, KindOf(first), documentation: signature);
    }

    internal static string KindOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.ReducedExtension } => "ExtensionMethod",
        IMethodSymbol => "Method",
        IPropertySymbol => "Property",
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "EnumMember",
        IFieldSymbol { IsConst: true } => "Constant",
        IFieldSymbol => "Field",
        IEventSymbol => "Event",
        INamespaceSymbol => "Namespace",
        ILocalSymbol => "Local",
        IParameterSymbol => "Parameter",
        INamedTypeSymbol type => type.TypeKind switch
        {
            TypeKind.Interface => "Interface",
            TypeKind.Struct => "Structure",
            TypeKind.Enum => "Enum",
            TypeKind.Delegate => "Delegate",
            _ => "Class",
        },
        _ => symbol.Kind.ToString(),
    };
}
