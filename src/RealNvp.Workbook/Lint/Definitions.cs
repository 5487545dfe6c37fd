using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// What cells define for the cells after them. A name that two cells define means two things, depending on where the reader
/// stands.
/// </summary>
internal static class Definitions
{
    private static readonly CSharpParseOptions Options =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    internal static IEnumerable<(int Cell, string Message)> Clashes(NotebookFile notebook)
    {
        var definedIn = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var cell in notebook.Cells.Where(cell => cell.Type == "code"))
        {
            foreach (var name in Of(cell.Source).Distinct(StringComparer.Ordinal))
            {
                if (definedIn.TryGetValue(name, out var earlier) && !cell.HasTag(NotebookLint.RedefinesTag))
                    yield return (cell.Number, $"{name} is defined in cell {earlier} already; give it another name, or the "
                        + $"cell the tag '{NotebookLint.RedefinesTag}'");
                definedIn[name] = cell.Number;
            }
        }
    }

    /// <summary>The variables, methods and types that a cell leaves to the next; overloads count as one name.</summary>
    internal static IEnumerable<string> Of(string code) =>
        Parse(code).Members.SelectMany(Of);

    /// <summary>A cell's syntax tree; an empty one where the code is too much for the parser.</summary>
    internal static CompilationUnitSyntax Parse(string code) => CodeBounds.Parse(() =>
        CSharpSyntaxTree.ParseText(CodeBounds.Problem(code) is null ? WithoutDirectives(code) : "", Options)
            .GetCompilationUnitRoot());

    /// <summary>The code as C# sees it, line by line.</summary>
    internal static string WithoutDirectives(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.StartsWith('#') ? "" : line));

    private static IEnumerable<string> Of(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        MethodDeclarationSyntax method => [method.Identifier.Text],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        DelegateDeclarationSyntax type => [type.Identifier.Text],
        GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax local } =>
            local.Declaration.Variables.Select(variable => variable.Identifier.Text),
        GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax function } => [function.Identifier.Text],
        // var (a, b) = ..., and names that a top-level expression declares: f(out var x).
        GlobalStatementSyntax { Statement: ExpressionStatementSyntax expression } =>
            expression.DescendantNodes(node => node is not AnonymousFunctionExpressionSyntax)
            .OfType<SingleVariableDesignationSyntax>().Select(variable => variable.Identifier.Text),
        _ => [],
    };
}
