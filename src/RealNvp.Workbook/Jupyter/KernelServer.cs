using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Jupyter;

/// <summary>
/// What a kernel answers: cells one after the other; questions about code and the session beside them, since nobody wants to wait
/// for a cell to type the next; and control before both.
/// </summary>
internal sealed class KernelServer : IAsyncDisposable
{
    private readonly KernelSockets _sockets;
    private readonly MessageWire _wire;
    private readonly IOPub _clients;
    private readonly CellExecutor _executor;
    private readonly CodeQuestions _questions;
    private readonly RequestQueue _cells, _asked, _control;
    private readonly Action _end;
    private readonly Action<string> _log;

    internal KernelServer(ConnectionFile connection, Action end, Action<string> log)
    {
        (_end, _log) = (end, log);
        _wire = new MessageWire(connection.Key, log);
        (_cells, _asked, _control) =
            (new RequestQueue(KernelSocket.Shell), new RequestQueue(KernelSocket.Shell), new RequestQueue(KernelSocket.Control));
        _sockets = new KernelSockets(connection, Receive);
        _clients = new IOPub(_sockets, _wire);
        _executor = new CellExecutor(_sockets, _wire, _clients);
        _questions = new CodeQuestions(_executor.Worker);
        foreach (var queue in (RequestQueue[])[_cells, _asked, _control])
            new Thread(() => Serve(queue)) { IsBackground = true, Name = "answers" }.Start();
    }

    /// <summary>Stops the cell that runs, if one does.</summary>
    internal void Interrupt() => _ = _executor.Worker.InterruptAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in (RequestQueue[])[_cells, _asked, _control]) queue.CompleteAdding();
        await _executor.DisposeAsync().ConfigureAwait(false);
        _clients.Flush();
        _clients.Dispose();
        _sockets.Dispose();
    }

    /// <summary>Nothing that one client sends may end the thread that all of them share.</summary>
    private void Receive(KernelSocket socket, List<byte[]> frames)
    {
        try
        {
            Take(socket, frames);
        }
        catch (Exception e)
        {
            _log($"a message of {frames.Count} frames was dropped: {e}");
        }
    }

    private void Take(KernelSocket socket, List<byte[]> frames)
    {
        if (_wire.Read(frames) is not { } message) return;
        if (socket == KernelSocket.Stdin)
        {
            _executor.Receive(message);
            return;
        }
        var queue = QueueOf(socket, message);
        var why = message.Problem is { } problem ? $"the message cannot be read: {problem}" : queue.TryAdd(message);
        if (why is not null) Busy(message, () => Reply(queue, message, Refusal(message, why)));
    }

    private JsonObject Refusal(JupyterMessage request, string why) => request.Type == "execute_request"
        ? _executor.Refuse(request, "Refused", why)
        : new JsonObject { ["status"] = "error", ["ename"] = "Refused", ["evalue"] = why, ["traceback"] = new JsonArray() };

    private RequestQueue QueueOf(KernelSocket socket, JupyterMessage message) =>
        socket == KernelSocket.Control ? _control : message.Type is "execute_request" or "shutdown_request" ? _cells : _asked;

    private void Serve(RequestQueue queue)
    {
        foreach (var request in queue.TakeAll())
            foreach (var waiting in Handle(queue, request))
            {
                if (waiting.Type != "execute_request") Handle(queue, waiting);
                else
                    Busy(waiting, () => Reply(queue, waiting,
                        new JsonObject { ["status"] = "aborted", ["execution_count"] = _executor.Count }));
            }
    }

    /// <summary>
    /// Answers a request. After a failed cell, gives back what waited at that moment: the cells that a client sent along with the
    /// failed one do not run, those that it sends once it knows of the failure do.
    /// </summary>
    private List<JupyterMessage> Handle(RequestQueue queue, JupyterMessage request)
    {
        List<JupyterMessage> waiting = [];
        Busy(request, () =>
        {
            try
            {
                var answer = Answer(request);
                if (request.Type == "execute_request" && (string)answer!["status"]! == "error"
                    && request.Is("stop_on_error", otherwise: true))
                    while (queue.TryTake(out var other))
                        waiting.Add(other);
                if (answer is not null) Reply(queue, request, answer);
                if (request.Type == "shutdown_request") _end();
            }
            catch (Exception e)
            {
                _log($"{request.Type} failed: {e}");
                Reply(queue, request, new JsonObject
                {
                    ["status"] = "error",
                    ["ename"] = e.GetType().Name,
                    ["evalue"] = e.Message,
                    ["traceback"] = new JsonArray()
                });
            }
        });
        return waiting;
    }

    private void Busy(JupyterMessage request, Action work)
    {
        State("busy", request);
        work();
        State("idle", request);
        // Clients that show one state for the kernel are to see that of the cell.
        if (_executor.Running is { } cell) State("busy", cell);
    }

    private void State(string state, JupyterMessage request) =>
        _clients.Send("status", new JsonObject { ["execution_state"] = state }, request.Header);

    private void Reply(RequestQueue queue, JupyterMessage request, JsonObject content) => _sockets.Send(queue.Socket,
        _wire.Write(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content, request.Header,
        request.Identities));

    private JsonObject? Answer(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "kernel_info_request": return KernelDescription.Content;
            case "execute_request": return _executor.Execute(request);
            case "complete_request": return _questions.Complete(request);
            case "inspect_request": return _questions.Inspect(request);
            case "is_complete_request":
                var (status, indent) = CodeCompleteness.Of(request.TextOf("code"));
                return status == "incomplete" ? new JsonObject { ["status"] = status, ["indent"] = indent }
                    : new JsonObject { ["status"] = status };
            case "history_request": return new JsonObject { ["status"] = "ok", ["history"] = _executor.History.Find(request) };
            case "comm_info_request": return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                _clients.Send("comm_close",
                    new JsonObject { ["comm_id"] = request.TextOf("comm_id"), ["data"] = new JsonObject() }, request.Header);
                return null;
            case "comm_msg" or "comm_close": return null;
            case "interrupt_request":
                Interrupt();
                return new JsonObject { ["status"] = "ok" };
            case "shutdown_request":
                var reply = new JsonObject { ["status"] = "ok", ["restart"] = request.Is("restart") };
                _clients.Send("shutdown_reply", (JsonObject)reply.DeepClone(), request.Header);
                return reply;
            default:
                _log($"a {request.Type} message is not known here");
                return null;
        }
    }

}
