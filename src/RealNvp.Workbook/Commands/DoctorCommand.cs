using RealNvp.Flows;
using RealNvp.Workbook.Setup;
using Spectre.Console;
using TorchSharp;

namespace RealNvp.Workbook.Commands;

/// <summary>`doctor`: what this machine has, what the workbook found and uses, what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    /// <returns>1 where libtorch does not load.</returns>
    public static int Run(Repository repository)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("what").NoWrap())
            .AddColumn("found");
        void Row(string what, string found) => table.AddRow(new Text(what), new Text(found));

        Row(".NET", $"SDK {Tool.Capture("dotnet", ["--version"], TimeSpan.FromSeconds(30)).Output.Trim()}, runtime "
            + $"{Environment.Version}");
        Row("machine", $"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, "
            + $"{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture}, "
            + $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB");
        var broken = DescribeTorch(Row);

        var requirements = Requirement.All();
        foreach (var r in requirements.Where(r => r.Found is not null)) Row(r.Name, r.Found!);
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;   // a file or a pipe does not wrap
        AnsiConsole.Write(table);

        Installer.Offer([.. requirements.Where(r => r.Found is null)], Console.WriteLine);
        if (broken is not null) Console.WriteLine($"broken: {broken}");
        return broken is null ? ExitCode.Success : ExitCode.Failure;
    }

    // Loads libtorch, so that what is printed is what runs.
    private static string? DescribeTorch(Action<string, string> row)
    {
        try
        {
            TorchLibrary.Load();
            using var one = torch.ones(1);
            row("libtorch", $"{torch.__version__}, TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}");
            if (TorchLibrary.Path is { } path && File.Exists(path + ".txt"))
                row("C++ runtime", File.ReadAllText(path + ".txt").Trim());
            row("threads", $"{torch.get_num_threads()} in operators, {torch.get_num_interop_threads()} between them; "
                + $"{PoolSettings()}");
            row("GPU", torch.cuda.is_available()
                ? $"{torch.cuda.device_count()} CUDA device(s): {GpuNames()}"
                : "none that this libtorch can use: the CPU is used");
            return null;
        }
        catch (Exception e) when (
            e is DllNotFoundException or TypeInitializationException or BadImageFormatException or NotSupportedException)
        {
            row("libtorch", "does not load");
            return (e.InnerException ?? e).Message;
        }
    }

    // The pools read these when they load.
    private static string PoolSettings()
    {
        var set = new[] { "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY" }
            .Select(n => (Name: n, Value: Environment.GetEnvironmentVariable(n))).Where(v => !string.IsNullOrEmpty(v.Value))
                .ToList();
        return set.Count == 0 ? "pools sized to the cores, asleep when idle"
            : string.Join(", ", set.Select(v => $"{v.Name}={v.Value}"));
    }

    private static string GpuNames() => Tool.Find("nvidia-smi") is { } smi
        ? string.Join("; ", Tool.Capture(smi, ["--query-gpu=name,driver_version", "--format=csv,noheader"],
        TimeSpan.FromSeconds(20)).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        : "name unknown (no nvidia-smi)";
}
