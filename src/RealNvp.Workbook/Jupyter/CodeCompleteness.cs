using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Whether Enter should run a cell or begin another line.</summary>
internal static class CodeCompleteness
{
    private static readonly CSharpParseOptions Options =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>Text or a comment that the next line may still end: a raw string, a verbatim one, a block comment.</summary>
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal) { "CS8997", "CS1039", "CS1035" };

    /// <summary>complete, incomplete, invalid, or unknown where it is too much to parse; and the indentation of the next line.</summary>
    internal static (string Status, string Indent) Of(string code) =>
        CodeBounds.Problem(code) is null ? CodeBounds.Parse(() => Parsed(code)) : ("unknown", "");

    private static (string Status, string Indent) Parsed(string code)
    {
        var lines = code.Split('\n').Select(line => line.StartsWith("#!", StringComparison.Ordinal)
            || line.StartsWith("#r", StringComparison.Ordinal) || line.StartsWith("#i", StringComparison.Ordinal) ? "" : line);
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', lines), Options);
        if (!SyntaxFactory.IsCompleteSubmission(tree) || tree.GetDiagnostics().Any(diagnostic => Open.Contains(diagnostic.Id)))
            return ("incomplete", IndentAfter(code));
        return (tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            ? "invalid" : "complete", "");
    }

    private static string IndentAfter(string code)
    {
        var line = code.Split('\n').LastOrDefault(l => l.Trim().Length > 0) ?? "";
        var indent = line[..(line.Length - line.TrimStart().Length)];
        return line.TrimEnd().EndsWith('{') || line.TrimEnd().EndsWith('(') ? indent + "    " : indent;
    }
}
