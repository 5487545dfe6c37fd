using System.Diagnostics;
using System.Globalization;

namespace RealNvp.Benchmarks;

/// <summary>python3 with PyTorch on the same libtorch, answering one line for each line that it is sent.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    internal PythonPeer(string script, params string[] arguments)
    {
        var python = Environment.GetEnvironmentVariable("BENCHMARK_PYTHON") ?? "/usr/bin/python3";
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Python", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        Version = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"expected {python} with PyTorch (Debian: python3-torch), it ended without an answer");
    }

    internal string Version { get; }

    internal string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the Python side ended at \"{line}\"");
    }

    internal double AskNumber(string line) => double.Parse(Ask(line), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
