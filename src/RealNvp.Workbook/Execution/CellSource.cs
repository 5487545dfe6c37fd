using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// Makes a cell's code ready for the compiler: its lines and columns are those of the cell, exceptions know them, and it enters a
/// <see cref="CellFlow"/> before its first statement.
/// </summary>
internal static class CellSource
{
    private static readonly CSharpParseOptions Script =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The file whose code is being imported; its commands do not say so.</summary>
    internal static AsyncLocal<string?> Imported { get; } = new();

    /// <summary>How a cell is called where its lines are named.</summary>
    internal static string NameOf(int cell) => $"cell [{cell}]";

    /// <summary>Prepares a submission of a cell, or of a file that a cell imports.</summary>
    internal static void Prepare(SubmitCode submission, CSharpKernel kernel, int cell, string entry)
    {
        var file = Imported.Value;
        var before = file is null && submission.Parent is SubmitCode whole ? LinesBefore(submission.Code, whole.Code) : 0;
        PackageInternals.SetCode(submission, new string('\n', before) + WithEntry(submission.Code, entry, before));
        ref var options = ref PackageInternals.OptionsOf(kernel);
        options = options.WithEmitDebugInformation(true).WithFileEncoding(Encoding.UTF8)
            .WithFilePath(Path.GetFullPath(file ?? NameOf(cell)));   // a path: what the code loads is found from there
    }

    /// <summary>
    /// The code with an entry before its first statement; every line after it keeps its number and its columns.
    /// </summary>
    private static string WithEntry(string code, string entry, int linesBefore)
    {
        if (CodeBounds.Problem(code) is { } problem) throw new CodeLimitException(problem);
        var members = CodeBounds.Parse(() => ((CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, Script).GetRoot()).Members);
        var first = members.FirstOrDefault(member =>
            member is not (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or BaseMethodDeclarationSyntax));
        if (first is null) return code;
        var position = first.GetLocation().GetLineSpan().StartLinePosition;
        var start = first.SpanStart;
        return $"{code[..start]}\n{entry}\n#line "
            + $"{position.Line + linesBefore + 1}\n{new string(' ', position.Character)}{code[start..]}";
    }

    /// <summary>The lines of a cell before the part of it that this is: the rest is directives and other languages.</summary>
    private static int LinesBefore(string part, string whole) =>
        whole.IndexOf(part, StringComparison.Ordinal) is var at and > 0 ? whole.AsSpan(0, at).Count('\n') : 0;
}
