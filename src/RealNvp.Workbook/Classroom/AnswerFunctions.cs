using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// What an answer cell has to define: the functions of its student version. For the tests, stand-ins of the same names and
/// signatures take their place, each of which calls the student's function in the student's process.
/// </summary>
internal static class AnswerFunctions
{
    private static readonly CSharpParseOptions Options =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>What every stand-in calls; a generic method, since typeof takes no nullable reference type.</summary>
    internal const string Prelude =
        "#nullable enable\nT __Ask<T>(string function, string type, object?[] arguments) => (T)__call(function, type, "
        + "arguments, typeof(T))!;";

    /// <summary>The functions of a cell as stand-ins.</summary>
    internal static string StandIns(string cell) => string.Join('\n', ["#nullable enable", .. Functions(cell).Select(StandIn)]);

    /// <summary>What is wrong with a student version as a contract, in words.</summary>
    internal static IEnumerable<string> Problems(string cell)
    {
        if (CodeBounds.Problem(cell) is { } problem)
        {
            yield return problem;
            yield break;
        }
        var unit = Parse(cell);
        foreach (var error in unit.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
            yield return $"line {error.Location.GetLineSpan().StartLinePosition.Line + 1}: "
                + $"{error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
        foreach (var member in unit.Members.Where(member => Function(member) is null))
            yield return $"expected functions only in an answer cell, got `{member.ToString().Split('\n')[0]}`; give it a "
                + "read-only cell of its own";
        foreach (var (type, name, parameters) in Functions(cell))
        {
            if (type is PredefinedTypeSyntax { Keyword.Text: "void" })
                yield return $"{name} returns nothing: a test can only see what a function returns";
            if (parameters.Any(p => p.Modifiers.Any()))
                yield return $"{name} has a parameter with a modifier: a test can only pass values";
        }
    }

    internal static IReadOnlyList<string> Names(string cell) => [.. Functions(cell).Select(f => f.Name)];

    /// <summary>Code that is too much for the parser defines nothing.</summary>
    private static CompilationUnitSyntax Parse(string cell)
    {
        if (CodeBounds.Problem(cell) is not null) return SyntaxFactory.CompilationUnit();
        var code = string.Join('\n', cell.Split('\n').Select(line => line.StartsWith('#') ? "" : line));
        return CodeBounds.Parse(() => CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot());
    }

    private static IEnumerable<(TypeSyntax Type, string Name, SeparatedSyntaxList<ParameterSyntax> Parameters)> Functions(
        string cell) =>
        Parse(cell).Members.Select(Function).OfType<(TypeSyntax, string, SeparatedSyntaxList<ParameterSyntax>)>();

    private static (TypeSyntax, string, SeparatedSyntaxList<ParameterSyntax>)? Function(MemberDeclarationSyntax member) =>
        member switch
        {
            MethodDeclarationSyntax m => (m.ReturnType, m.Identifier.Text, m.ParameterList.Parameters),
            GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax f } =>
                (f.ReturnType, f.Identifier.Text, f.ParameterList.Parameters),
            _ => null,
        };

    private static string StandIn((TypeSyntax Type, string Name, SeparatedSyntaxList<ParameterSyntax> Parameters) function)
    {
        var (type, name, parameters) = function;
        var delegateType = $"System.Func<{string.Join(", ", parameters.Select(p => p.Type!.ToString()).Append(type.ToString()))}>";
        var arguments = string.Join(", ", parameters.Select(p => p.Identifier.Text));
        return $"{type} {name}({string.Join(", ", parameters.Select(p => p.ToString()))}) => __Ask<{type}>(\"{name}\", "
            + $"\"{delegateType}\", new object?[] {{ {arguments} }});";
    }
}
