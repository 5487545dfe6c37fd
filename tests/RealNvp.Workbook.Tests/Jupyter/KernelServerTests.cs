using System.Net;
using System.Net.Sockets;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

public sealed class KernelServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_kernel_listens_on_its_address_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a second loopback address");
        var ports = FreePorts(5);
        var connection = new ConnectionFile("127.0.0.2", "tcp", "key", "hmac-sha256", ports[0], ports[1], ports[2], ports[3],
            ports[4]);
        await using var server = new KernelServer(connection, () => { }, _ => { });
        foreach (var port in ports)
        {
            Assert.True(Answers("127.0.0.2", port));
            Assert.False(Answers("127.0.0.1", port));
        }
        var taken = Assert.Throws<UserException>(() => new KernelServer(connection, () => { }, _ => { }));
        Assert.StartsWith("the kernel cannot listen on tcp://127.0.0.2:", taken.Message);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("{}", "is expected")]
    [InlineData("""{"ip": "127.0.0.1", "transport": "tcp", "key": "k", "signature_scheme": "md5"}""", "hmac-sha256 is expected")]
    [InlineData("""{"ip": "127.0.0.1", "ip": "0.0.0.0", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256"}""", "ip")]
    [InlineData("""{"ip": "127.0.0.1", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256"}""", "ports from 1 to 65535 are expected, not 0")]
    [InlineData("""{"ip": "127.0.0.1", "transport": "tcp", "key": "", "shell_port": 5, "control_port": -1, "stdin_port": 5, "iopub_port": 5, "hb_port": 5}""", "not -1")]
    [InlineData("""{"ip": "127.0.0.1", "transport": "tcp", "key": "", "shell_port": 5, "control_port": 5, "stdin_port": 5, "iopub_port": 5, "hb_port": 99999}""", "not 99999")]
    public void A_connection_file_that_is_none_is_named(string text, string reason)
    {
        var path = _folder.Write("connection.json", text);
        var error = Assert.Throws<UserException>(() => ConnectionFile.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Parse("127.0.0.2"), 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }

    private static bool Answers(string address, int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
