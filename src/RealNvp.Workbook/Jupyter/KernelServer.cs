using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The sockets of a kernel and what it answers on them: shell for work, control for what must not wait behind it.</summary>
internal sealed class KernelServer : IDisposable
{
    private readonly nint _context = Zmq.zmq_ctx_new();
    private readonly ZmqSocket _shell, _control, _stdin, _iopub, _heartbeat;
    private readonly MessageWire _wire;
    private readonly IOPub _clients;
    private readonly CompositeKernel _kernel;
    private readonly CellExecutor _executor;
    private readonly CodeQuestions _questions;
    private readonly Thread[] _threads;
    private readonly Action _end;
    private readonly Action<string> _log;

    internal KernelServer(ConnectionFile connection, Action end, Action<string> log)
    {
        (_end, _log) = (end, log);
        _shell = new ZmqSocket(_context, Zmq.Router, connection.Endpoint(connection.ShellPort));
        _control = new ZmqSocket(_context, Zmq.Router, connection.Endpoint(connection.ControlPort));
        _stdin = new ZmqSocket(_context, Zmq.Router, connection.Endpoint(connection.StdinPort)) { ReceiveTimeoutMilliseconds = 50 };
        _iopub = new ZmqSocket(_context, Zmq.Pub, connection.Endpoint(connection.IOPubPort));
        _heartbeat = new ZmqSocket(_context, Zmq.Router, connection.Endpoint(connection.HeartbeatPort));
        _wire = new MessageWire(connection.Key, log);
        _clients = new IOPub(_iopub, _wire);
        _kernel = CellKernel.Create();
        _executor = new CellExecutor(_kernel, _clients, new InputLine(_stdin, _wire));
        _questions = new CodeQuestions(_kernel);
        _threads = [Start("heartbeat", Echo), Start("control", () => Serve(_control)), Start("shell", () => Serve(_shell))];
    }

    /// <summary>Stops the cell that runs, if one does.</summary>
    internal void Interrupt() => _kernel.SendAsync(new Cancel()).GetAwaiter().GetResult();

    internal void Flush() => _clients.Flush();

    public void Dispose()
    {
        _clients.Dispose();
        Interrupt();
        _ = Zmq.zmq_ctx_shutdown(_context);
        // A socket belongs to the thread that waits on it, and is closed when that one has let go.
        if (_threads.All(thread => thread.Join(TimeSpan.FromSeconds(2))))
        {
            foreach (var socket in (ZmqSocket[])[_shell, _control, _stdin, _iopub, _heartbeat]) socket.Dispose();
            _ = Zmq.zmq_ctx_term(_context);
        }
        _kernel.Dispose();
    }

    private static Thread Start(string name, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (EndOfStreamException)
            {
                // The kernel ends.
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void Echo()
    {
        while (true)
            if (_heartbeat.Receive() is { } beat)
                _heartbeat.Send(beat);
    }

    private void Serve(ZmqSocket socket)
    {
        while (true)
        {
            if (socket.Receive() is not { } frames || _wire.Read(frames) is not { } request) continue;
            var waiting = Handle(socket, request);
            foreach (var other in waiting)
            {
                if (other.Type != "execute_request") Handle(socket, other);
                else Busy(other, () => Reply(socket, other, new JsonObject { ["status"] = "aborted", ["execution_count"] = _executor.Count }));
            }
        }
    }

    /// <summary>
    /// Answers a request. After a failed cell, gives back what waited at that moment: the cells that a client sent along with the failed
    /// one do not run, those that it sends once it knows of the failure do.
    /// </summary>
    private List<JupyterMessage> Handle(ZmqSocket socket, JupyterMessage request)
    {
        List<JupyterMessage> waiting = [];
        Busy(request, () =>
        {
            try
            {
                var answer = Answer(request);
                if (_executor.TakeAbort(request))
                    while (socket.Receive(wait: false) is { } frames)
                        if (_wire.Read(frames) is { } other)
                            waiting.Add(other);
                if (answer is not null) Reply(socket, request, answer);
                if (request.Type == "shutdown_request") _end();
            }
            catch (Exception e) when (e is not EndOfStreamException)
            {
                _log($"{request.Type} failed: {e}");
                Reply(socket, request, new JsonObject { ["status"] = "error", ["ename"] = e.GetType().Name, ["evalue"] = e.Message, ["traceback"] = new JsonArray() });
            }
        });
        return waiting;
    }

    private void Busy(JupyterMessage request, Action work)
    {
        _clients.Send("status", new JsonObject { ["execution_state"] = "busy" }, request.Header);
        work();
        _clients.Send("status", new JsonObject { ["execution_state"] = "idle" }, request.Header);
    }

    private void Reply(ZmqSocket socket, JupyterMessage request, JsonObject content) =>
        socket.Send(_wire.Write(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content, request.Header, request.Identities));

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
                return status == "incomplete" ? new JsonObject { ["status"] = status, ["indent"] = indent } : new JsonObject { ["status"] = status };
            case "history_request": return new JsonObject { ["status"] = "ok", ["history"] = _executor.History(request) };
            case "comm_info_request": return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                _clients.Send("comm_close", new JsonObject { ["comm_id"] = request.TextOf("comm_id"), ["data"] = new JsonObject() }, request.Header);
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
