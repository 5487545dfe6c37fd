using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RealNvp.Workbook.Execution;
using TorchSharp;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// Joins of tensors that a lazy sequence makes, such as stack(xs.Select(f)). TorchSharp keeps the address of each and lets the
/// tensor go, so that the garbage collector may free the first while the last is still being computed, and the process ends with
/// a segmentation fault.
/// </summary>
internal static class LazyTensors
{
    /// <summary>The functions of torch that join a sequence. Others, such as cat, take a list, which cannot be lazy.</summary>
    private static readonly HashSet<string> Joins =
        [.. typeof(torch).GetMethods()
            .Where(f => f.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(IEnumerable<torch.Tensor>))
                .Select(f => f.Name)];

    /// <summary>The operators of LINQ whose elements come into being when they are asked for.</summary>
    private static readonly HashSet<string> LazyOperators =
        [.. typeof(Enumerable).GetMethods()
            .Where(f => f.ReturnType.IsInterface && f.ReturnType.IsAssignableTo(typeof(System.Collections.IEnumerable)))
                .Select(f => f.Name)];

    internal static IEnumerable<(int Cell, string Message)> Joined(NotebookFile notebook) =>
        from cell in notebook.Cells
        where cell.Type == "code"
        from call in Definitions.Parse(cell.Source).DescendantNodes().OfType<InvocationExpressionSyntax>()
        where Joins.Contains(Called(call))
        from sequence in call.ArgumentList.Arguments.Take(1).Select(first => first.Expression)
            .OfType<InvocationExpressionSyntax>()
        where LazyOperators.Contains(Called(sequence))
        select (cell.Number, $"{Called(call)} of a lazy sequence: on TorchSharp its tensors may be freed before they are "
            + $"joined; .ToArray() after {Called(sequence)}(...) keeps them");

    private static string Called(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
