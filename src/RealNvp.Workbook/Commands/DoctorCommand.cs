using RealNvp.Workbook.Setup;
using Spectre.Console;
using TorchSharp;

namespace RealNvp.Workbook.Commands;

/// <summary>`doctor`: what this machine has, what the workbook found and uses, what is missing and how to get it.</summary>
public static class DoctorCommand
{
    /// <returns>1 where something that is needed is missing.</returns>
    public static int Run(Repository repository)
    {
        var remembered = Stack.Load(repository);
        var stack = Stack.Asked() ?? remembered?.Name ?? Stack.BuiltWith;
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("what").NoWrap()).AddColumn("found");
        void Row(string what, string found) => table.AddRow(new Text(what), new Text(found));

        Row("stack", $"{stack}" + (remembered?.Name == stack && remembered.Why.Length > 0 ? $" ({remembered.Why})" : ""));
        Row(".NET", $"SDK {Tool.Capture("dotnet", ["--version"], TimeSpan.FromSeconds(30)).Output.Trim()}, runtime {Environment.Version}");
        Row("machine", $"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.OSArchitecture}, "
            + $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB");
        var broken = DescribeTorch(Row);

        var requirements = Requirement.Of(stack, remembered?.TorchPrefix);
        foreach (var r in requirements.Where(r => r.Met)) Row(r.Name, r.Found!);
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;   // a file or a pipe does not wrap
        AnsiConsole.Write(table);

        var missing = requirements.Where(r => !r.Met).ToList();
        foreach (var r in missing)
            Console.WriteLine($"missing{(r.Optional ? " (optional)" : "")}: {r.Name}: {r.Problem ?? r.What}");
        var absent = missing.Where(r => r.Found is null).ToList();
        if (absent.Count > 0)
            Console.WriteLine($"To get what is missing: ./workbook setup, or\n  {string.Join("\n  ", Installer.Commands(absent))}");
        if (broken is not null) Console.WriteLine($"broken: {broken}");
        return missing.Any(r => !r.Optional) || broken is not null ? ExitCode.Failure : ExitCode.Success;
    }

    // Loads libtorch, so that what is printed is what runs.
    private static string? DescribeTorch(Action<string, string> row)
    {
        try
        {
            using var one = torch.ones(1);
            row("libtorch in use", $"{torch.__version__}, {LoadedLibraries.Libtorch() ?? "path unknown"}");
            row("BLAS in use", LoadedLibraries.Blas() ?? "inside libtorch");
            row("threads", $"{torch.get_num_threads()} in operators, {(LoadedLibraries.OpenBlasThreads() is { } n ? $"{n} in OpenBLAS's matrix products, " : "")}"
                + $"{torch.get_num_interop_threads()} between them; {PoolSettings()}");
            row("GPU", torch.cuda.is_available() ? $"{torch.cuda.device_count()} CUDA device(s): {GpuNames()}" : "none that this libtorch can use: the CPU is used");
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or NotSupportedException)
        {
            row("libtorch in use", "none");
            return (e.InnerException ?? e).Message;
        }
    }

    // Both pools read these when they load; unset ones are chosen for this machine just before.
    private static string PoolSettings()
    {
        var set = new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_WAIT_POLICY" }
            .Select(n => (Name: n, Value: Environment.GetEnvironmentVariable(n))).Where(v => !string.IsNullOrEmpty(v.Value)).ToList();
        return set.Count == 0 ? "pools sized to the cores, asleep when idle" : string.Join(", ", set.Select(v => $"{v.Name}={v.Value}"));
    }

    private static string GpuNames() => Tool.Find("nvidia-smi") is { } smi
        ? string.Join("; ", Tool.Capture(smi, ["--query-gpu=name,driver_version", "--format=csv,noheader"], TimeSpan.FromSeconds(20)).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        : "name unknown (no nvidia-smi)";
}
