using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RealNvp.Workbook.Lint;

/// <summary>What a cell asserts: its calls of the library's Check, whose failure ends the notebook.</summary>
internal static class Assertions
{
    private const string Class = "Check";
    private const string Exercise = "Exercise";

    /// <summary>The calls Check.Close(...), Check.Greater(...), Check.That(...) and the like.</summary>
    internal static IReadOnlyList<InvocationExpressionSyntax> Of(string code) => [.. CallsOf(code, Class)];

    /// <summary>Whether it compares nothing: Check.That of the literal true.</summary>
    internal static bool IsEmpty(InvocationExpressionSyntax check) =>
        check.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "That" }
        && check.ArgumentList.Arguments.ElementAtOrDefault(1)?.Expression.IsKind(SyntaxKind.TrueLiteralExpression) == true;

    /// <summary>The numbers of the exercises that a cell checks: the first argument of Exercise.Check("3", ...).</summary>
    internal static IEnumerable<string> ExercisesOf(string code) => CallsOf(code, Exercise)
        .Select(call => call.ArgumentList.Arguments.FirstOrDefault()?.Expression).OfType<LiteralExpressionSyntax>()
            .Select(number => number.Token.ValueText);

    private static IEnumerable<InvocationExpressionSyntax> CallsOf(string code, string type) =>
        Definitions.Parse(code).DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax
            {
                Expression: IdentifierNameSyntax { Identifier.Text: var name }
            } && name == type);
}
