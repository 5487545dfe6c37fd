using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Runs cells for a client and tells all clients what they do.</summary>
internal sealed class CellExecutor
{
    /// <summary>The most characters that one cell prints, and that one shown value has.</summary>
    internal const int TextLimit = 4_000_000;
    internal const int ValueLimit = 64_000_000;

    private readonly CompositeKernel _kernel;
    private readonly IOPub _clients;
    private readonly ConditionalWeakTable<KernelCommand, Cell> _cells = [];
    private readonly List<(int Count, string Code)> _history = [];
    private Cell? _current;
    private JupyterMessage? _abort;

    internal CellExecutor(CompositeKernel kernel, IOPub clients, InputLine input)
    {
        (_kernel, _clients) = (kernel, clients);
        kernel.KernelEvents.Subscribe(Tell);
        kernel.RegisterCommandHandler<RequestInput>((request, context) => Task.Run(() =>
        {
            if (CellOf(context.Command) is not { Request: { } execute } || !execute.Is("allow_stdin"))
            {
                context.Fail(request, null, $"nobody can answer '{request.Prompt}': this client takes no input");
                return;
            }
            _clients.Flush();
            context.Publish(new InputProduced(input.Ask(request.Prompt, request.IsPassword, execute, context.CancellationToken), request));
        }));
    }

    internal int Count { get; private set; }

    internal JsonObject Execute(JupyterMessage request)
    {
        var code = request.TextOf("code");
        var silent = request.Is("silent");
        if (!silent)
        {
            Count++;
            if (request.Is("store_history", otherwise: true)) _history.Add((Count, code));
            _clients.Send("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = Count }, request.Header);
        }
        var command = new SubmitCode(code);
        _current = new Cell(request, Count, silent);
        _cells.Add(command, _current);
        var result = _kernel.SendAsync(command).GetAwaiter().GetResult();
        _clients.Flush();
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is not { } failed)
            return new JsonObject { ["status"] = "ok", ["execution_count"] = Count, ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() };

        _abort = request.Is("stop_on_error", otherwise: true) ? request : null;
        var failure = FailureText.Of(failed, result.Events);
        var error = new JsonObject
        {
            ["ename"] = failure.Kind,
            ["evalue"] = failure.Message,
            ["traceback"] = new JsonArray([.. failure.Text.Split('\n').Select(line => (JsonNode)line)]),
        };
        if (!silent) _clients.Send("error", (JsonObject)error.DeepClone(), request.Header);
        error["status"] = "error";
        error["execution_count"] = Count;
        return error;
    }

    /// <summary>Whether this cell failed, and what waits behind it is not to run.</summary>
    internal bool TakeAbort(JupyterMessage request) => Interlocked.CompareExchange(ref _abort, null, request) == request;

    /// <summary>This session's cells, as (session, line, code): the last ones, a range, or those that match a pattern.</summary>
    internal JsonArray History(JupyterMessage request)
    {
        IEnumerable<(int Count, string Code)> entries = _history;
        var n = request.NumberOf("n");
        switch (request.TextOf("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.NumberOf("start"), request.NumberOf("stop"));
                entries = entries.Where(entry => entry.Count >= start && (stop == 0 || entry.Count < stop));
                break;
            case "search":
                var pattern = request.TextOf("pattern");
                entries = entries.Where(entry => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, entry.Code, ignoreCase: false));
                if (request.Is("unique")) entries = entries.Reverse().DistinctBy(entry => entry.Code).Reverse();
                if (n > 0) entries = entries.TakeLast(n);
                break;
            default:
                if (n > 0) entries = entries.TakeLast(n);
                break;
        }
        var output = request.Is("output");
        return new JsonArray([.. entries.Select(entry => (JsonNode)new JsonArray(0, entry.Count, output ? new JsonArray(entry.Code, null) : entry.Code))]);
    }

    private void Tell(KernelEvent kernelEvent)
    {
        if (CellOf(kernelEvent.Command) is not { } cell) return;
        switch (kernelEvent)
        {
            case StandardOutputValueProduced e: Print(cell, "stdout", e); break;
            case StandardErrorValueProduced e: Print(cell, "stderr", e); break;
            case ReturnValueProduced e when !cell.Silent:
                _clients.Send("execute_result", Shown(e, transient: false, cell.Count), cell.Request.Header);
                break;
            case DisplayedValueProduced e: _clients.Send("display_data", Shown(e, transient: true, null), cell.Request.Header); break;
            case DisplayedValueUpdated e: _clients.Send("update_display_data", Shown(e, transient: true, null), cell.Request.Header); break;
        }
    }

    private void Print(Cell cell, string name, DisplayEvent e)
    {
        var text = string.Concat(e.FormattedValues.Select(value => value.Value));
        var before = Interlocked.Add(ref cell.Printed, text.Length) - text.Length;
        if (before > TextLimit) return;
        if (before + text.Length > TextLimit)
            text = text[..(int)(TextLimit - before)] + $"\n... (a cell's output is cut at {TextLimit} characters)\n";
        _clients.Write(name, text, cell.Request.Header);
    }

    private static JsonObject Shown(DisplayEvent e, bool transient, int? count)
    {
        var content = new JsonObject { ["data"] = IOPub.Bundle(MimeBundle.Of(e), ValueLimit), ["metadata"] = new JsonObject() };
        if (transient && e.ValueId is { } id) content["transient"] = new JsonObject { ["display_id"] = id };
        if (count is { } n) content["execution_count"] = n;
        return content;
    }

    /// <summary>The cell of a command; what an earlier cell's background work shows belongs to that cell.</summary>
    private Cell? CellOf(KernelCommand command)
    {
        for (var c = command; c is not null; c = c.Parent)
            if (_cells.TryGetValue(c, out var cell))
                return cell;
        return _current;
    }

    private sealed class Cell(JupyterMessage request, int count, bool silent)
    {
        internal long Printed;

        internal JupyterMessage Request => request;

        internal int Count => count;

        internal bool Silent => silent;
    }
}
