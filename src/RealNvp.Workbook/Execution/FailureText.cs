using System.Diagnostics;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Execution;

/// <summary>Where in a cell, and in which words, a command failed.</summary>
internal static class FailureText
{
    private const string CellClass = "Submission#";

    internal static CellFailure Of(CommandFailed failed, IEnumerable<KernelEvent> events)
    {
        var error = events.OfType<DiagnosticsProduced>().SelectMany(produced => produced.Diagnostics)
            .FirstOrDefault(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        if (failed.Exception is CodeSubmissionCompilationErrorException)
            return new CellFailure("CompilationError", FirstLine(failed.Message), failed.Message, error?.LinePositionSpan.Start.Line + 1);
        var kind = failed.Exception?.GetType().Name ?? "Error";
        return new CellFailure(kind, failed.Exception?.Message ?? FirstLine(failed.Message), failed.Message,
            failed.Exception is { } exception ? LineOf(exception) : null);
    }

    /// <summary>The innermost line of the cell that ran, not of a function that an earlier cell declared.</summary>
    private static int? LineOf(Exception exception)
    {
        var frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames().Where(frame => CellOf(frame) is not null).ToList();
        if (frames.Count == 0) return exception.InnerException is { } inner ? LineOf(inner) : null;
        var cell = CellOf(frames[^1]);
        return frames.FirstOrDefault(frame => CellOf(frame) == cell && frame.GetFileLineNumber() > 0)?.GetFileLineNumber();
    }

    private static string? CellOf(StackFrame frame)
    {
        for (var type = frame.GetMethod()?.DeclaringType; type is not null; type = type.DeclaringType)
            if (type.Name.StartsWith(CellClass, StringComparison.Ordinal))
                return type.Name;
        return null;
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
