using System.Globalization;

namespace RealNvp.Workbook.Execution;

/// <summary>How many notebooks run at once on this machine, and how many threads each of them gets.</summary>
internal static class Threads
{
    private const int MostAtOnce = 2;
    private const long MemoryPerNotebook = 2L << 30;
    private static readonly string[] PoolSizes = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>
    /// Two where there are two cores and 2 GiB of free memory for each; one under the gpu budget, where both would share the GPU.
    /// </summary>
    internal static int DefaultJobs(string budget) =>
        budget == "gpu" ? 1 : (int)Math.Clamp(Math.Min(Environment.ProcessorCount, FreeMemory() / MemoryPerNotebook), 1,
        MostAtOnce);

    /// <summary>
    /// The variables by which notebooks that run side by side share the cores: a pool for each core in each of them would only
    /// wait.
    /// </summary>
    internal static Dictionary<string, string?> Share(int notebooks)
    {
        if (notebooks < 2) return [];
        var threads = Math.Max(1, Environment.ProcessorCount / notebooks).ToString(CultureInfo.InvariantCulture);
        return PoolSizes.Where(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            .ToDictionary(name => name, _ => (string?)threads);
    }

    /// <summary>In bytes: what the kernel says is available, within the limit of a container.</summary>
    private static long FreeMemory()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        const string Table = "/proc/meminfo", Name = "MemAvailable:";
        var line = File.Exists(Table) ? File.ReadLines(Table)
            .FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        var kilobytes = line is null ? null : line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var free) ? Math.Min(limit, free << 10) : limit;
    }
}
