using System.Net.Sockets;

namespace RealNvp.Flows.Tests.Files;

public sealed class PlainFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void Refused(string path, string kind)
    {
        var error = Assert.Throws<InvalidDataException>(() => PlainFile.OpenRead(path));
        Assert.Equal($"{path} is {kind}, not a plain file; name a file.", error.Message);
        Assert.False(PlainFile.IsThere(path));
    }

    [Fact]
    public void A_file_is_opened_and_a_link_to_it_too()
    {
        var path = _folder.Write("a", "text");
        Assert.Equal("text", PlainFile.ReadText(path, 4));
        Assert.True(PlainFile.IsThere(path));
        Assert.Contains("4 bytes", Assert.Throws<InvalidDataException>(() => PlainFile.ReadText(path, 3)).Message);
        Assert.Throws<FileNotFoundException>(() => PlainFile.OpenRead(_folder["none"]));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        File.CreateSymbolicLink(_folder["link"], path);
        Assert.Equal("text", PlainFile.ReadText(_folder["link"], 4));
        File.CreateSymbolicLink(_folder["dangling"], _folder["none"]);
        Assert.Throws<FileNotFoundException>(() => PlainFile.OpenRead(_folder["dangling"]));
    }

    [Fact]
    public void A_link_to_itself_cannot_be_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);
        Assert.Contains("cannot be read", Assert.Throws<InvalidDataException>(() => PlainFile.OpenRead(_folder["loop"])).Message);
    }

    [Fact]
    public void A_folder_is_none() => Refused(_folder.Path, "a folder");

    [Fact]
    public void Pipes_devices_and_sockets_are_none()
    {
        Assert.SkipUnless(Pipe.Exists, "needs a system where these are files");
        var pipe = Pipe.At(_folder["pipe"]);
        Pipe.NotAwaited(() => Refused(pipe, "a pipe"));
        File.CreateSymbolicLink(_folder["link"], pipe);
        Pipe.NotAwaited(() => Refused(_folder["link"], "a pipe"));
        Refused("/dev/zero", "a device");
        Refused("/dev/null", "a device");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        Refused(_folder["socket"], "a socket");
    }
}
