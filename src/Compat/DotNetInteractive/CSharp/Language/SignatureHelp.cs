using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.CSharp.Language;

/// <summary>The overloads of the call whose arguments are being written, and which argument it is.</summary>
internal static class SignatureHelp
{
    private const string PlainText = "text/plain";

    /// <summary>Null where the place is in no argument list.</summary>
    internal static (IReadOnlyList<SignatureInformation> Signatures, int Signature, int Parameter)? At(CodePosition code)
    {
        var token = code.Tree.GetRoot().FindToken(Math.Max(0, code.Position - 1));
        var arguments = token.Parent?.AncestorsAndSelf().OfType<ArgumentListSyntax>().FirstOrDefault(list =>
            list.OpenParenToken.Span.End <= code.Position && (list.CloseParenToken.IsMissing || code.Position <= list.CloseParenToken.SpanStart));
        if (arguments?.Parent is not { } call) return null;
        var model = code.Model.Value;
        var parameter = arguments.Arguments.GetSeparators().Count(comma => comma.Span.End <= code.Position);
        var overloads = OverloadsOf(model, call).OrderBy(overload => overload.Parameters.Length).ToList();
        if (overloads.Count == 0) return null;
        var chosen = model.GetSymbolInfo(call).Symbol is IMethodSymbol symbol ? overloads.FindIndex(overload => SymbolEqualityComparer.Default.Equals(overload, symbol)) : -1;
        if (chosen < 0) chosen = Math.Max(0, overloads.FindIndex(overload => overload.Parameters.Length > parameter || overload.Parameters.LastOrDefault()?.IsParams == true));
        return ([.. overloads.Select(overload => Describe(model, call.SpanStart, overload))], chosen, parameter);
    }

    private static IEnumerable<IMethodSymbol> OverloadsOf(SemanticModel model, SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax invocation when model.GetMemberGroup(invocation.Expression).OfType<IMethodSymbol>().ToList() is { Count: > 0 } group => group,
        InvocationExpressionSyntax invocation when model.GetTypeInfo(invocation.Expression).Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } => [invoke],
        BaseObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation).Type is INamedTypeSymbol type =>
            type.InstanceConstructors.Where(constructor => model.IsAccessible(creation.SpanStart, constructor)),
        _ => [],
    };

    private static SignatureInformation Describe(SemanticModel model, int position, IMethodSymbol overload)
    {
        var (summary, parameters) = DocumentationText.Parts(overload);
        return new SignatureInformation(
            overload.ToMinimalDisplayString(model, position, SymbolDisplayFormat.MinimallyQualifiedFormat),
            new FormattedValue(PlainText, summary),
            [.. overload.Parameters.Select(parameter => new ParameterInformation(parameter.Name,
                new FormattedValue(PlainText, parameters.GetValueOrDefault(parameter.Name, ""))))]);
    }
}
