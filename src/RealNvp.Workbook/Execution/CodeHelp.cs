using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// Completion and description of code. The C# kernel is asked past its queue, where a question would wait for the cell that runs,
/// and its answers are made fit for an editor: only what begins with what was typed, without placeholders.
/// </summary>
internal sealed partial class CodeHelp(CompositeKernel kernel, CSharpKernel csharp)
{
    internal async Task<Completions> CompleteAsync(AskCompletions ask)
    {
        var start = StartOfWord(ask.Code, ask.Cursor);
        var typed = ask.Code[start..ask.Cursor];
        var items = typed.StartsWith('#') ? Directives() : await InCSharpAsync(ask.Code, ask.Cursor).ConfigureAwait(false);
        return new Completions(ask.Id, start,
            [.. items.Where(item => item.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(item => item.Text)
            .OrderByDescending(item => item.Text.StartsWith(typed, StringComparison.Ordinal))
                .ThenBy(item => item.Text, StringComparer.OrdinalIgnoreCase)]);
    }

    internal async Task<Description> DescribeAsync(AskDescription ask)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!IsCSharp(ask.Code, ask.Cursor)) return new Description(ask.Id, data);
        var handler = (IKernelCommandHandler<RequestHoverText>)csharp;
        // At the end of a name, the thing meant is the name.
        var cursor = ask.Cursor > 0 && (ask.Cursor == ask.Code.Length || !IsPartOfName(ask.Code[ask.Cursor]))
            ? ask.Cursor - 1 : ask.Cursor;
        var command = new RequestHoverText(CSharpOf(ask.Code), PositionOf(ask.Code, cursor));
        foreach (var text in (await AnswerAsync<HoverTextProduced>(command, context => handler.HandleAsync(command, context))
            .ConfigureAwait(false))?.Content ?? [])
            data[text.MimeType] = text.Value.ReplaceLineEndings("\n");
        if (data.TryGetValue("text/markdown", out var markdown)) data.TryAdd("text/plain", Fence().Replace(markdown, "").Trim());
        return new Description(ask.Id, data);
    }

    private static int StartOfWord(string code, int cursor)
    {
        var line = code.AsSpan(0, cursor).LastIndexOf('\n') + 1;
        if (code.AsSpan(line, cursor - line) is ['#', .. var rest] && !rest.Contains(' ')) return line;
        var start = cursor;
        while (start > line && IsPartOfName(code[start - 1])) start--;
        return start;
    }

    private static bool IsPartOfName(char c) => char.IsLetterOrDigit(c) || c == '_';

    private IEnumerable<Completion> Directives() => kernel.KernelInfo.SupportedDirectives
        .Concat(kernel.ChildKernels.SelectMany(child => child.KernelInfo.SupportedDirectives))
        .Where(directive => !directive.Hidden).Select(directive => new Completion(directive.Name, "Keyword"));

    private async Task<IEnumerable<Completion>> InCSharpAsync(string code, int cursor)
    {
        if (!IsCSharp(code, cursor)) return [];
        var handler = (IKernelCommandHandler<RequestCompletions>)csharp;
        var command = new RequestCompletions(CSharpOf(code), PositionOf(code, cursor));
        var produced = await AnswerAsync<CompletionsProduced>(command, context => handler.HandleAsync(command, context))
            .ConfigureAwait(false);
        return produced?.Completions.Select(item => new Completion(item.FilterText ?? item.DisplayText, item.Kind ?? "")) ?? [];
    }

    /// <summary>
    /// What comes of a command that goes to its handler at once. Each question has a context of its own, beside that of the cell
    /// that runs.
    /// </summary>
    private static Task<T?> AnswerAsync<T>(KernelCommand command, Func<KernelInvocationContext, Task> handle) where T
        : KernelEvent => Task.Run(async () =>
    {
        using var context = KernelInvocationContext.GetOrCreateAmbientContext(command);
        T? answer = null;
        using var events = context.KernelEvents.Subscribe(produced => answer ??= produced as T);
        await handle(context).ConfigureAwait(false);
        return answer;
    });

    /// <summary>Whether the cell is C# at a place, not text below `#!markdown` or the like, nor a directive.</summary>
    private bool IsCSharp(string code, int cursor)
    {
        var lines = code[..cursor].Split('\n');
        if (Directive().IsMatch(lines[^1])) return false;
        var language = lines.Select(line => kernel.ChildKernels.FirstOrDefault(child => line.TrimEnd() == "#!" + child.Name))
            .LastOrDefault(child => child is not null);
        return language is null || language == csharp;
    }

    /// <summary>The code with empty lines in place of directives.</summary>
    private static string CSharpOf(string code) =>
        string.Join('\n', code.Split('\n').Select(line => Directive().IsMatch(line) ? "" : line));

    private static LinePosition PositionOf(string code, int index)
    {
        var before = code.AsSpan(0, index);
        return new LinePosition(before.Count('\n'), index - (before.LastIndexOf('\n') + 1));
    }

    [GeneratedRegex("^#(!|r |i )")]
    private static partial Regex Directive();

    [GeneratedRegex("^```.*$\n?", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
