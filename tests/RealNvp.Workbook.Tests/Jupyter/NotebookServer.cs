using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>
/// Debian's Jupyter Notebook on this machine's own address, with this workbook's kernel, its settings and files all in one
/// folder.
/// </summary>
internal sealed class NotebookServer : IAsyncDisposable
{
    internal const string Program = "/usr/bin/jupyter-notebook";

    private readonly Process _process;
    private readonly string _address, _token;

    private NotebookServer(Process process, string address, string token) =>
        (_process, _address, _token) = (process, address, token);

    /// <summary>Why there can be none here; null where there can.</summary>
    internal static string? Missing => File.Exists(Program) ? null : "needs Jupyter Notebook (Debian: jupyter-notebook)";

    /// <summary>Starts it over the notebooks in <paramref name="folder"/>, with the kernel installed for it alone.</summary>
    internal static async Task<NotebookServer> StartAsync(string folder, string home)
    {
        KernelSpecs.Install(Path.Combine(home, "prefix"), KernelSpecs.StandardName);
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        var start = new ProcessStartInfo(Program,
        [
            "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0", $"--notebook-dir={folder}",
                $"--NotebookApp.token={token}",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["JUPYTER_PATH"] = Path.Combine(home, "prefix", "share", "jupyter");
        foreach (var (name, place) in (IEnumerable<(string, string)>)[("JUPYTER_CONFIG_DIR", "config"),
            ("JUPYTER_DATA_DIR", "data"), ("JUPYTER_RUNTIME_DIR", "runtime"), ("IPYTHONDIR", "ipython")])
            start.Environment[name] = Path.Combine(home, place);
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var server = new NotebookServer(process, $"http://127.0.0.1:{port}", token);
        using var client = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                if ((await client.GetAsync($"{server._address}/api/status?token={token}")).IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException) when (tries < 300 && !process.HasExited)
            {
                await Task.Delay(200);
            }
        }
    }

    internal string AddressOf(string notebook) => $"{_address}/notebooks/{notebook}?token={_token}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
