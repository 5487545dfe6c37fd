using NetMQ;
using NetMQ.Sockets;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The sockets of a Jupyter kernel.</summary>
internal enum KernelSocket { Shell, Control, Stdin, IOPub }

/// <summary>
/// The sockets, on one thread that does nothing else: so the heartbeat always beats, and what is sent leaves in the order in
/// which it was sent.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    private const long MostBytes = 64 << 20;   // of one frame

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly Dictionary<KernelSocket, NetMQSocket> _sockets = new()
    {
        [KernelSocket.Shell] = new RouterSocket(),
        [KernelSocket.Control] = new RouterSocket(),
        [KernelSocket.Stdin] = new RouterSocket(),
        [KernelSocket.IOPub] = new PublisherSocket(),
    };

    private readonly RouterSocket _heartbeat = new();
    private readonly NetMQPoller _poller;
    private readonly NetMQQueue<(KernelSocket Socket, List<byte[]> Frames)?> _toSend = new();

    /// <param name="connection">Where to listen.</param>
    /// <param name="received">Called with what comes, on the sockets' thread.</param>
    /// <exception cref="UserException">A port is taken, or the address is not this machine's.</exception>
    internal KernelSockets(ConnectionFile connection, Action<KernelSocket, List<byte[]>> received)
    {
        _poller = [_heartbeat, _toSend];
        try
        {
            Listen(_heartbeat, connection.Endpoint(connection.HeartbeatPort));
            foreach (var (name, socket) in _sockets) Listen(socket, connection.Endpoint(PortOf(name, connection)));
        }
        catch (UserException)
        {
            Close();
            throw;
        }
        _heartbeat.ReceiveReady += (_, _) => Send(_heartbeat, FramesOf(_heartbeat));
        _toSend.ReceiveReady += (_, _) =>
        {
            while (_toSend.TryDequeue(out var message, TimeSpan.Zero))
            {
                if (message is { } one) Send(_sockets[one.Socket], one.Frames);
                else _poller.StopAsync();
            }
        };
        foreach (var (name, socket) in _sockets.Where(one => one.Key != KernelSocket.IOPub))
        {
            socket.ReceiveReady += (_, _) => received(name, FramesOf(socket));
            _poller.Add(socket);
        }
        _poller.RunAsync("sockets", isBackgroundThread: true);
    }

    internal void Send(KernelSocket socket, List<byte[]> frames)
    {
        try
        {
            _toSend.Enqueue((socket, frames));
        }
        catch (Exception e) when (e is TerminatingException or ObjectDisposedException)
        {
            // The kernel ends, and nobody is there any more to hear of it.
        }
    }

    /// <summary>Sends what there is to send, and closes the sockets.</summary>
    public void Dispose()
    {
        _toSend.Enqueue(null);
        for (var end = DateTime.UtcNow + Linger; _poller.IsRunning && DateTime.UtcNow < end;) Thread.Sleep(1);
        Close();
        NetMQConfig.Cleanup(block: true);   // until what was sent has left, or the time to linger is over
    }

    private static int PortOf(KernelSocket socket, ConnectionFile connection) => socket switch
    {
        KernelSocket.Shell => connection.ShellPort,
        KernelSocket.Control => connection.ControlPort,
        KernelSocket.Stdin => connection.StdinPort,
        _ => connection.IOPubPort,
    };

    private static void Listen(NetMQSocket socket, string endpoint)
    {
        socket.Options.Linger = Linger;
        socket.Options.SendHighWatermark = 0;   // a client that is slow gets every message all the same
        socket.Options.ReceiveHighWatermark = 0;
        socket.Options.MaxMsgSize = MostBytes;   // whoever sends more is cut off
        try
        {
            socket.Bind(endpoint);
        }
        catch (Exception e) when (e is NetMQException or System.Net.Sockets.SocketException or ArgumentException)
        {
            throw new UserException($"the kernel cannot listen on {endpoint}: {e.Message}", e);
        }
    }

    private static List<byte[]> FramesOf(NetMQSocket socket) => socket.ReceiveMultipartBytes();

    private static void Send(NetMQSocket socket, List<byte[]> frames) =>
        socket.TrySendMultipartBytes(TimeSpan.FromSeconds(1), frames);

    private void Close()
    {
        _poller.Dispose();
        foreach (var socket in _sockets.Values) socket.Dispose();
        _heartbeat.Dispose();
        _toSend.Dispose();
    }
}
