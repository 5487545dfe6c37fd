namespace RealNvp.Workbook.Setup;

/// <summary>Something that the chosen stack needs on this machine.</summary>
/// <param name="Name">What it is.</param>
/// <param name="What">What it is for.</param>
/// <param name="Found">Where it was found, or which version; null where it is missing.</param>
/// <param name="Packages">The packages of Debian and Ubuntu that bring it.</param>
/// <param name="Optional">Whether the workbook runs without it.</param>
/// <param name="Problem">Why what was found will not do, or null.</param>
public sealed record Requirement(string Name, string What, string? Found, string[] Packages, bool Optional = false, string? Problem = null)
{
    public bool Met => Found is not null && Problem is null;

    /// <summary>All that a stack needs, looked up now.</summary>
    public static IReadOnlyList<Requirement> Of(string stack, string? torchPrefix)
    {
        List<Requirement> all = [];
        if (stack == Stack.Local)
        {
            var torch = Libtorch.Find(torchPrefix);
            all.Add(new("libtorch", "tensors", torch is null ? null : $"{torch.Version?.ToString() ?? "version unknown"}, from {torch.Origin} ({torch.Folder})",
                ["libtorch-dev"], Problem: torch is { TooOld: true } ? $"expected {Libtorch.Oldest} or newer; set TORCH_PREFIX to the cmake folder of a newer one" : null));
            if (torch is null || torch.Prefix is null)
                all.Add(new("OpenBLAS", "fast matrix products for the system's libtorch", OpenBlas(), ["libopenblas0-pthread"]));
            all.Add(new("C++ compiler", "builds the bridge to libtorch", Tool.Find("c++") ?? Tool.Find("g++"), ["g++"]));
            all.Add(new("cmake", "builds the bridge to libtorch", Tool.Find("cmake"), ["cmake"]));
            all.Add(new("make", "builds the bridge to libtorch", Tool.Find("make") ?? Tool.Find("gmake"), ["make"]));
        }
        all.Add(new("npm", "fetches plotly.js, which draws the figures", Tool.Find("npm"), ["npm"]));
        all.Add(new("ZeroMQ", "connects the kernel to Jupyter and VS Code", ZeroMq(), ["libzmq5"], Optional: true));
        all.Add(new("bubblewrap", "encloses students' work while it is graded", Tool.Find("bwrap"), ["bubblewrap"], Optional: true));
        all.Add(new("Chromium", "draws figures in the tests, which are skipped without it", Browser(), ["chromium"], Optional: true));
        return all;
    }

    private static string? ZeroMq() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(d => Path.Combine(d, "libzmq.so.5")).FirstOrDefault(File.Exists)
        : null;

    private static string? Browser() => new[] { "chromium", "chromium-browser", "google-chrome", "google-chrome-stable" }.Select(Tool.Find).FirstOrDefault(p => p is not null);

    private static string? OpenBlas() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(d => Path.Combine(d, "openblas-pthread")).FirstOrDefault(Directory.Exists)
        : null;
}
