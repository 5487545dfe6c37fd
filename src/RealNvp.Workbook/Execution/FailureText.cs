using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// Where in a cell, and in which words, a command failed: the lines of cells and of what they import, no frames of hosts and
/// native code.
/// </summary>
internal static partial class FailureText
{
    private const string CellClass = "Submission#", TopLevel = "<Initialize>", CppFrames = "Exception raised from ";

    private const int MostMessage = 20_000;

    internal static CellFailure Of(CommandFailed failed) => failed.Exception switch
    {
        { InnerException: CompilationErrorException compilation } => OfCompilation(compilation),
        ThreadAbortException or ThreadInterruptedException or CellInterruptedException => OfInterrupt(failed.Exception),
        CodeLimitException limit => OfLimit(limit.Message),
        InsufficientExecutionStackException deep when LineOf(deep) is null =>
            OfLimit("the code is nested too deeply for the compiler"),
        { } exception => new CellFailure(exception.GetType().Name, MessageOf(exception), TextOf(exception), LineOf(exception)),
        null => new CellFailure("Error", FirstLine(failed.Message ?? ""), failed.Message ?? "", null),
    };

    private static CellFailure OfCompilation(CompilationErrorException compilation)
    {
        var errors = compilation.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return new CellFailure("CompilationError", MessageOf(errors[0]), string.Join('\n', errors.Select(TextOf)),
            errors[0].Location.GetMappedLineSpan().StartLinePosition.Line + 1);
    }

    private static CellFailure OfLimit(string message) => new("CodeLimit", message, message, null);

    private static CellFailure OfInterrupt(Exception exception)
    {
        const string Message = "the cell was interrupted";
        return new CellFailure("Interrupted", Message, Message + Frames(exception), LineOf(exception));
    }

    private static string TextOf(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        return string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(span.Path)}, line {span.StartLinePosition.Line + 1}, column "
            + $"{span.StartLinePosition.Character + 1}: ")
            + MessageOf(diagnostic);
    }

    private static string MessageOf(Diagnostic diagnostic) =>
        $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";

    /// <summary>The exception and those within it, each with the lines that it came through.</summary>
    internal static string TextOf(Exception exception)
    {
        var text = $"{exception.GetType().FullName}: {MessageOf(exception)}{Frames(exception)}";
        return exception.InnerException is { } inner ? $"{text}\n ---> {TextOf(inner)}" : text;
    }

    private static string MessageOf(Exception exception)
    {
        var frames = exception.Message.IndexOf(CppFrames, StringComparison.Ordinal);
        var message = frames > 0 ? exception.Message[..frames].TrimEnd() : exception.Message;
        return message.Length <= MostMessage ? message
            : $"{message[..MostMessage]}... ({message.Length - MostMessage} more characters are left out)";
    }

    private static string Frames(Exception exception)
    {
        var places = CellFrames(exception).Select(PlaceOf).ToList();
        // A lambda of a statement, and the statement, are one place.
        return string.Concat(places.Where((place, i) => i == 0 || place != places[i - 1]).Select(place => "\n   at " + place));
    }

    private static string PlaceOf(StackFrame frame)
    {
        var place = $"{Path.GetFileName(frame.GetFileName()) ?? "a cell"}, line {frame.GetFileLineNumber()}";
        return NameOf(frame.GetMethod()!) is { } name ? $"{name} in {place}" : place;
    }

    /// <summary>A function as the cell declared it; null for the cell's own statements.</summary>
    private static string? NameOf(MethodBase method)
    {
        var declared = Generated().Match(method.Name == "MoveNext" ? method.DeclaringType!.Name : method.Name);
        if (declared is { Success: true })
        {
            var name = declared.Groups["local"] is { Success: true } local ? local.Value : declared.Groups["outer"].Value;
            return name == TopLevel ? null : name;
        }
        var type = method.DeclaringType!.Name.StartsWith(CellClass, StringComparison.Ordinal) ? "" : method.DeclaringType.Name
            + ".";
        var parameters = method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}");
        return $"{type}{method.Name}({string.Join(", ", parameters)})";
    }

    /// <summary>The innermost line of the cell that ran, not of a function that an earlier cell declared.</summary>
    private static int? LineOf(Exception exception)
    {
        if (CellFrames(exception) is not [.., var last] frames)
            return exception.InnerException is { } inner ? LineOf(inner) : null;
        return frames.First(frame => frame.GetFileName() == last.GetFileName()).GetFileLineNumber();
    }

    private static List<StackFrame> CellFrames(Exception exception) =>
        [.. new StackTrace(exception, fNeedFileInfo: true).GetFrames()
            .Where(frame => frame.GetFileLineNumber() > 0 && IsOfCell(frame))];

    private static bool IsOfCell(StackFrame frame)
    {
        for (var type = frame.GetMethod()?.DeclaringType; type is not null; type = type.DeclaringType)
            if (type.Name.StartsWith(CellClass, StringComparison.Ordinal))
                return true;
        return false;
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    /// <summary>The compiler's names: of an async or iterating function's class, of a lambda, of a function within one.</summary>
    [GeneratedRegex(@"^<(?<outer><Initialize>|[^<>]*)>(?:d|b|g__(?<local>[^|]+)\|)")]
    private static partial Regex Generated();
}
