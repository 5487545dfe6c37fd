using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>Errors in the words for a cell's reader: its own lines, and no frame of what runs it.</summary>
internal static partial class CellErrors
{
    private const int MostDiagnostics = 20;

    /// <summary>Compile errors, each with its line and a mark under the place.</summary>
    internal static string Describe(ImmutableArray<CodeAnalysis.Diagnostic> errors)
    {
        var text = new StringBuilder();
        foreach (var error in errors.Take(MostDiagnostics))
        {
            if (text.Length > 0) text.Append('\n');
            var span = error.Location.GetLineSpan();
            if (Path.IsPathRooted(span.Path)) text.Append(Path.GetFileName(span.Path));
            if (error.Location.IsInSource)
                text.Append($"({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}): ");
            text.Append($"error {error.Id}: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
            if (error.Location.SourceTree?.GetText() is { } source) AppendMarkedLine(text, source, span.Span);
        }
        if (errors.Length > MostDiagnostics) text.Append($"\n... and {errors.Length - MostDiagnostics} more errors");
        return text.ToString();
    }

    private static void AppendMarkedLine(StringBuilder text, SourceText source, CodeAnalysis.Text.LinePositionSpan span)
    {
        var line = source.Lines[span.Start.Line].ToString();
        var end = span.End.Line == span.Start.Line ? span.End.Character : line.Length;
        var before = string.Concat(line.Take(span.Start.Character).Select(c => c == '\t' ? '\t' : ' '));
        text.Append($"\n    {line}\n    {before}{new string('^', Math.Max(1, end - span.Start.Character))}");
    }

    /// <summary>An exception with the frames from the cell inwards, and their lines.</summary>
    internal static string Describe(Exception exception)
    {
        var text = new StringBuilder($"{exception.GetType().FullName}: {exception.Message}");
        if (exception.InnerException is { } inner)
            text.Append("\n ---> ").Append(Describe(inner)).Append("\n   --- end of the inner exception ---");
        foreach (var frame in FramesOf(exception)) text.Append("\n   at ").Append(frame);
        return text.ToString();
    }

    private static IEnumerable<string> FramesOf(Exception exception)
    {
        var frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames();
        var last = Array.FindLastIndex(frames, frame => SubmissionAssemblies.Owns(frame.GetMethod()?.DeclaringType?.Assembly));
        return frames.Take(last < 0 ? frames.Length : last + 1).Where(IsForReaders).Select(Describe).OfType<string>();
    }

    private static bool IsForReaders(StackFrame frame) => frame.GetMethod()?.DeclaringType is { } type
        && type.Namespace is not ("System.Runtime.CompilerServices" or "System.Runtime.ExceptionServices")
        && type.Assembly != typeof(CellErrors).Assembly;

    private static string? Describe(StackFrame frame)
    {
        var method = frame.GetMethod()!;
        var place = frame.GetFileName() is { } file && frame.GetFileLineNumber() is var line and > 0
            ? $"{(Path.IsPathRooted(file) ? Path.GetFileName(file) : file)}, line {line}"
            : "";
        var name = NameOf(method);
        if (name.Length == 0) return place.Length > 0 ? place : null;
        return place.Length == 0 ? name : $"{name} in {place}";
    }

    /// <summary>The name as it was written: what the compiler made of async methods, lambdas and local functions is undone.</summary>
    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType!;
        var isCell = SubmissionAssemblies.Owns(type.Assembly);
        var name = method.Name;
        if (name == "MoveNext" && Generated().Match(type.Name) is { Success: true } machine)
        {
            name = machine.Groups["name"].Value;
            type = type.DeclaringType!;
        }
        if (LocalFunction().Match(name) is { Success: true } local) name = local.Groups["local"].Value;
        else if (Generated().Match(name) is { Success: true } lambda) name = $"a lambda in {lambda.Groups["name"].Value}";
        while (type.Name.StartsWith('<') && type.DeclaringType is { } outer) type = outer;
        if (name.Contains("<Initialize>", StringComparison.Ordinal)) name = name.Replace(" in <Initialize>", "").Replace("<Initialize>", "");
        if (name.Length == 0) return "";
        var parameters = name == method.Name ? string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}")) : "...";
        var owner = isCell && type.Name.StartsWith("Submission#", StringComparison.Ordinal) ? "" : (isCell ? type.Name : type.FullName) + ".";
        return name.StartsWith("a lambda", StringComparison.Ordinal) ? name : $"{owner}{name}({parameters})";
    }

    [GeneratedRegex(@"^<(?<name>.*)>[a-z]__")]
    private static partial Regex Generated();

    [GeneratedRegex(@"^<.*>g__(?<local>[^|]+)\|")]
    private static partial Regex LocalFunction();
}
