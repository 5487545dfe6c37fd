using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// Joins of tensors that a lazy sequence makes, such as stack(xs.Select(f)). TorchSharp keeps the address of each and lets the tensor go, so that the garbage
/// collector may free the first while the last is still being computed, and the process ends with a segmentation fault.
/// </summary>
internal static class LazyTensors
{
    // The functions of torch that take an IEnumerable; cat takes a list, which cannot be lazy.
    private static readonly HashSet<string> Joins =
        ["stack", "hstack", "vstack", "dstack", "column_stack", "row_stack", "meshgrid", "block_diag", "cartesian_prod", "atleast_1d", "atleast_2d", "atleast_3d"];

    private static readonly HashSet<string> LazyOperators =
        ["Select", "SelectMany", "Where", "Zip", "Append", "Prepend", "Concat", "Repeat", "Reverse", "Skip", "SkipLast", "Take", "TakeLast", "OrderBy", "OrderByDescending", "Order"];

    internal static IEnumerable<(int Cell, string Message)> Joined(NotebookFile notebook) =>
        from cell in notebook.Cells
        where cell.Type == "code"
        from call in Definitions.Parse(cell.Source).DescendantNodes().OfType<InvocationExpressionSyntax>()
        where Joins.Contains(Called(call))
        from sequence in call.ArgumentList.Arguments.Take(1).Select(first => first.Expression).OfType<InvocationExpressionSyntax>()
        where LazyOperators.Contains(Called(sequence))
        select (cell.Number, $"{Called(call)} of a lazy sequence: on TorchSharp its tensors may be freed before they are joined; .ToArray() after {Called(sequence)}(...) keeps them");

    private static string Called(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
