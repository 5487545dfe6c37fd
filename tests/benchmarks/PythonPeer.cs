using System.Diagnostics;
using System.Globalization;

namespace RealNvp.Benchmarks;

/// <summary>python3 with PyTorch (Debian: python3-torch), answering one line for each line that it is sent.</summary>
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
        // Set for another machine, they slow Python's products down.
        foreach (var tuning in (string[])["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]) start.Environment.Remove(tuning);
        _process = Process.Start(start)!;
        Version = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException(
                $"expected {python} with PyTorch (Debian: python3-torch), it ended without an answer");
    }

    internal string Version { get; }

    internal string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the Python side ended at \"{line}\"");
    }

    /// <summary>
    /// A task of the script, which answers "TASK SECONDS" with the milliseconds of a call by the clock and the processor.
    /// </summary>
    internal Side Side(string name, string task) => new(name, seconds =>
    {
        var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"{task} {seconds}")).Split(' ');
        double[] numbers = [.. answer.Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    });

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
