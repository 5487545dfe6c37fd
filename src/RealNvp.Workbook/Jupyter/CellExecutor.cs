using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Runs cells for a client and tells all clients what they do.</summary>
internal sealed class CellExecutor : IAsyncDisposable
{
    /// <summary>The most characters that one cell prints, and that one shown value has.</summary>
    internal const int TextLimit = 4_000_000;
    internal const int ValueLimit = 64_000_000;

    /// <summary>The cells whose late output is still told as theirs.</summary>
    private const int Remembered = 1000;

    private readonly IOPub _clients;
    private readonly InputLine _input;
    private readonly ConcurrentDictionary<int, Cell> _cells = new();
    private volatile Cell? _last;
    private volatile bool _runs;

    internal CellExecutor(KernelSockets sockets, MessageWire wire, IOPub clients)
    {
        _clients = clients;
        Worker = new CellWorker(Tell);
        _input = new InputLine(sockets, wire, Worker.Give);
    }

    internal CellWorker Worker { get; }

    internal CellHistory History { get; } = new();

    internal int Count { get; private set; }

    /// <summary>The request whose cell runs.</summary>
    internal JupyterMessage? Running => _runs ? _last?.Request : null;

    /// <summary>Runs the cell of a request; what the reply says.</summary>
    internal JsonObject Execute(JupyterMessage request)
    {
        var code = request.TextOf("code");
        if (CodeBounds.TooLong(code) is { } tooLong) return Refuse(request, "CodeLimit", tooLong);
        var silent = request.Is("silent");
        if (!silent)
        {
            Count++;
            if (request.Is("store_history", otherwise: true)) History.Add(Count, code);
            _clients.Send("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = Count }, request.Header);
        }
        // Late output finds its cell by the header; the code need not be kept for that.
        _last = _cells[Count] = new Cell(request with { Content = new JsonObject { ["allow_stdin"] = request.Is("allow_stdin") } },
            Count, silent);
        _cells.TryRemove(Count - Remembered, out _);
        _runs = true;
        var failure = Worker.RunAsync(new RunCell(Count, code)).GetAwaiter().GetResult();
        _runs = false;
        _input.Forget();
        _clients.Flush();
        if (failure is null)
            return new JsonObject
            {
                ["status"] = "ok",
                ["execution_count"] = Count,
                ["payload"] = new JsonArray(),
                ["user_expressions"] = new JsonObject()
            };

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

    /// <summary>Tells the clients that a cell does not run; what the reply says.</summary>
    internal JsonObject Refuse(JupyterMessage request, string kind, string why)
    {
        var error = new JsonObject { ["ename"] = kind, ["evalue"] = why, ["traceback"] = new JsonArray($"{kind}: {why}") };
        if (!request.Is("silent")) _clients.Send("error", (JsonObject)error.DeepClone(), request.Header);
        error["status"] = "error";
        error["execution_count"] = Count;
        return error;
    }

    internal void Receive(JupyterMessage input) => _input.Receive(input);

    public ValueTask DisposeAsync() => Worker.DisposeAsync();

    private void Tell(CellMessage message)
    {
        switch (message)
        {
            case StreamWritten stream when CellOf(stream.Cell) is { } cell: Print(cell, stream); break;
            case ValueShown shown when CellOf(shown.Cell) is { } cell: Show(cell, shown); break;
            case InputAsked asked when CellOf(asked.Cell) is { } cell:
                _clients.Flush();
                _input.Ask(asked, cell.Request);
                break;
        }
    }

    private void Print(Cell cell, StreamWritten stream)
    {
        var text = stream.Text;
        var before = cell.Printed;
        cell.Printed += text.Length;
        if (before > TextLimit) return;
        if (cell.Printed > TextLimit)
            text = text[..(int)(TextLimit - before)] + $"\n... (a cell's output is cut at {TextLimit} characters)\n";
        _clients.Write(stream.Name, text, cell.Request.Header);
    }

    private void Show(Cell cell, ValueShown shown)
    {
        var content = new JsonObject { ["data"] = IOPub.Bundle(shown.Data, ValueLimit), ["metadata"] = new JsonObject() };
        if (shown.Showing == Showing.Result)
        {
            content["execution_count"] = cell.Count;
            if (!cell.Silent) _clients.Send("execute_result", content, cell.Request.Header);
            return;
        }
        if (shown.DisplayId is { } id) content["transient"] = new JsonObject { ["display_id"] = id };
        _clients.Send(shown.Showing == Showing.Update ? "update_display_data" : "display_data", content, cell.Request.Header);
    }

    /// <summary>The cell of a number; what native code prints, which knows of no cells, is the last one's.</summary>
    private Cell? CellOf(int number) => _cells.TryGetValue(number, out var cell) ? cell : _last;

    private sealed class Cell(JupyterMessage request, int count, bool silent)
    {
        internal long Printed { get; set; }

        internal JupyterMessage Request => request;

        internal int Count => count;

        internal bool Silent => silent;
    }
}
