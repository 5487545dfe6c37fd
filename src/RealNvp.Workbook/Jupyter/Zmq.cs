using System.Reflection;
using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The part of libzmq that a kernel needs.</summary>
internal static partial class Zmq
{
    private const string Library = "zmq";

    internal const int Pub = 1;
    internal const int Router = 6;

    internal const int Linger = 17;
    internal const int ReceiveTimeout = 27;
    internal const int RouterHandover = 56;
    internal const int SendHighWaterMark = 23;

    internal const int SendMore = 2;
    internal const int DontWait = 1;

    internal const int Again = 11;
    internal const int Terminated = 156384765;

    static Zmq() => NativeLibrary.SetDllImportResolver(typeof(Zmq).Assembly, Resolve);

    [LibraryImport(Library)]
    internal static partial nint zmq_ctx_new();

    [LibraryImport(Library)]
    internal static partial int zmq_ctx_shutdown(nint context);

    [LibraryImport(Library)]
    internal static partial int zmq_ctx_term(nint context);

    [LibraryImport(Library)]
    internal static partial nint zmq_socket(nint context, int type);

    [LibraryImport(Library)]
    internal static partial int zmq_close(nint socket);

    [LibraryImport(Library)]
    internal static partial int zmq_setsockopt(nint socket, int option, in int value, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int zmq_bind(nint socket, string endpoint);

    [LibraryImport(Library)]
    internal static partial int zmq_send(nint socket, ReadOnlySpan<byte> buffer, nuint length, int flags);

    [LibraryImport(Library)]
    internal static partial int zmq_msg_init(ref Message message);

    [LibraryImport(Library)]
    internal static partial int zmq_msg_recv(ref Message message, nint socket, int flags);

    [LibraryImport(Library)]
    internal static partial nint zmq_msg_data(ref Message message);

    [LibraryImport(Library)]
    internal static partial nuint zmq_msg_size(ref Message message);

    [LibraryImport(Library)]
    internal static partial int zmq_msg_more(ref Message message);

    [LibraryImport(Library)]
    internal static partial int zmq_msg_close(ref Message message);

    [LibraryImport(Library)]
    internal static partial int zmq_errno();

    [LibraryImport(Library)]
    internal static partial nint zmq_strerror(int error);

    /// <summary>libzmq's message header, 64 bytes of its own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct Message
    {
        private readonly long _first;
    }

    internal static string ErrorText => Marshal.PtrToStringUTF8(zmq_strerror(zmq_errno())) ?? "";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library) return 0;
        string[] files = ["libzmq.so.5", "libzmq.5.dylib", "libzmq.dll", "libzmq"];
        foreach (var file in files)
            if (NativeLibrary.TryLoad(file, out var handle))
                return handle;
        throw new UserException("the Jupyter kernel needs ZeroMQ, and libzmq.so.5 is not on this machine: sudo apt-get install libzmq5");
    }
}
