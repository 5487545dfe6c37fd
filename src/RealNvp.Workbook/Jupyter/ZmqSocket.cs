using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Jupyter;

/// <summary>A ZeroMQ socket of whole multipart messages. One thread receives; senders take turns.</summary>
internal sealed class ZmqSocket : IDisposable
{
    private const int UnlimitedMessages = 0;

    private readonly nint _socket;
    private readonly Lock _sending = new();

    internal ZmqSocket(nint context, int type, string endpoint)
    {
        _socket = Zmq.zmq_socket(context, type);
        if (_socket == 0) throw new UserException($"ZeroMQ opens no socket: {Zmq.ErrorText}");
        Set(Zmq.Linger, 1000);
        if (type == Zmq.Pub) Set(Zmq.SendHighWaterMark, UnlimitedMessages);
        if (type == Zmq.Router) Set(Zmq.RouterHandover, 1);
        if (Zmq.zmq_bind(_socket, endpoint) != 0) throw new UserException($"the kernel cannot listen on {endpoint}: {Zmq.ErrorText}");
    }

    internal int ReceiveTimeoutMilliseconds
    {
        set => Set(Zmq.ReceiveTimeout, value);
    }

    internal void Send(IReadOnlyList<byte[]> frames)
    {
        lock (_sending)
        {
            for (var i = 0; i < frames.Count; i++)
            {
                var flags = i < frames.Count - 1 ? Zmq.SendMore : 0;
                while (Zmq.zmq_send(_socket, frames[i], (nuint)frames[i].Length, flags) < 0)
                    if (Zmq.zmq_errno() != Interrupted)
                        return;
            }
        }
    }

    private const int Interrupted = 4;

    /// <summary>The next message, or null where none came in time.</summary>
    /// <exception cref="EndOfStreamException">The kernel ends.</exception>
    internal List<byte[]>? Receive(bool wait = true)
    {
        var frames = new List<byte[]>();
        bool more;
        do
        {
            var message = new Zmq.Message();
            _ = Zmq.zmq_msg_init(ref message);
            while (Zmq.zmq_msg_recv(ref message, _socket, wait ? 0 : Zmq.DontWait) < 0)
            {
                var error = Zmq.zmq_errno();
                if (error == Interrupted) continue;
                _ = Zmq.zmq_msg_close(ref message);
                if (error == Zmq.Again) return null;
                throw new EndOfStreamException();
            }
            var bytes = new byte[(int)Zmq.zmq_msg_size(ref message)];
            if (bytes.Length > 0) Marshal.Copy(Zmq.zmq_msg_data(ref message), bytes, 0, bytes.Length);
            more = Zmq.zmq_msg_more(ref message) != 0;
            _ = Zmq.zmq_msg_close(ref message);
            frames.Add(bytes);
        } while (more);
        return frames;
    }

    public void Dispose() => _ = Zmq.zmq_close(_socket);

    private void Set(int option, int value) => _ = Zmq.zmq_setsockopt(_socket, option, in value, sizeof(int));
}
