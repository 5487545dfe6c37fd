using System.Diagnostics;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>The kernel against real clients; they run where Python has them.</summary>
public sealed class JupyterClientTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Jupyters_conformance_suite_passes()
    {
        var (code, output) = await PythonAsync("conformance.py", "jupyter_kernel_test", []);
        Assert.True(code == 0, output);
        Assert.Contains("OK", output);
    }

    [SkippableFact]
    public async Task A_session_with_input_interrupts_and_restarts_goes_well()
    {
        var (code, output) = await PythonAsync("session.py", "jupyter_client", ["3"]);
        Assert.True(code == 0, output);
        Assert.Contains("ok: 3 restarts leave no process behind", output);
    }

    private async Task<(int Code, string Output)> PythonAsync(string script, string module, string[] arguments)
    {
        const string Python = "/usr/bin/python3";
        Skip.IfNot(File.Exists(Python) && (await RunAsync(Python, ["-c", $"import {module}"])).Code == 0, $"needs Python with {module} (Debian: python3-{module.Replace('_', '-')})");
        Skip.IfNot(System.Runtime.InteropServices.NativeLibrary.TryLoad("libzmq.so.5", out _), "needs libzmq.so.5 (Debian: libzmq5)");
        var kernel = KernelSpecs.Install(_folder["prefix"], "tested-csharp");
        return await RunAsync(Python, [Path.Combine(AppContext.BaseDirectory, "Jupyter", script), kernel.Name, .. arguments]);
    }

    private async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = _folder["prefix/share/jupyter"];
        start.Environment["JUPYTER_RUNTIME_DIR"] = _folder["runtime"];
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
