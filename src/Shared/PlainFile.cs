using System.Runtime.InteropServices;

namespace RealNvp;

/// <summary>
/// Opens what is a file and nothing else: a pipe would be waited for without end, a device has no end, a folder no text.
/// </summary>
internal static partial class PlainFile
{
    private const int KindOfFile = 0xF000, Pipe = 0x1000, Characters = 0x2000, Blocks = 0x6000, Socket = 0xC000;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is a folder, a pipe, a device or a socket, or may not be read.</exception>
    internal static FileStream OpenRead(string path)
    {
        Require(path);
        try
        {
            return File.OpenRead(path);
        }
        catch (NotSupportedException)   // Windows' devices and pipes
        {
            throw IsNone(path, "a device or a pipe");
        }
        catch (Exception e) when (e is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The text of a file, by its byte order mark or else in UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is no plain file, or has more bytes than that.</exception>
    internal static string ReadText(string path, long mostBytes)
    {
        using var stream = OpenRead(path);
        if (stream.Length > mostBytes)
            throw new InvalidDataException($"{path} has {stream.Length:n0} bytes, expected are at most {mostBytes:n0}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <inheritdoc cref="OpenRead"/>
    internal static void Require(string path)
    {
        if (OtherKind(path) is { } kind) throw IsNone(path, kind);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
    }

    /// <summary>Whether there is a file of that name that can be opened without waiting.</summary>
    internal static bool IsThere(string path) => OtherKind(path) is null && File.Exists(path);

    private static InvalidDataException IsNone(string path, string kind) =>
        new($"{path} is {kind}, not a plain file; name a file.");

    /// <summary>What a path is that is no file; null for files and for what is not there.</summary>
    private static string? OtherKind(string path)
    {
        if (Directory.Exists(path)) return "a folder";
        return OperatingSystem.IsWindows() ? null : (Mode(path) & KindOfFile) switch
        {
            Pipe => "a pipe",
            Characters or Blocks => "a device",
            Socket => "a socket",
            _ => null,
        };
    }

    // .NET does not tell a pipe from a file before it has opened it. Its own library of the system's calls does, with the file's
    // mode in the second number, numbered alike on every system.
    private static int Mode(string path)
    {
        var status = new int[128];   // several times what the structure takes
        try
        {
            return Stat(path, status) == 0 ? status[1] : 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, [Out] int[] status);
}
