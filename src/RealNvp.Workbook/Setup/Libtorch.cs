namespace RealNvp.Workbook.Setup;

/// <summary>The libtorch installations of this machine that the local stack can be built against.</summary>
public static class Libtorch
{
    /// <summary>The oldest that works.</summary>
    public static readonly Version Oldest = new(1, 13);

    private static readonly string[] SystemFolders =
        ["/usr/lib/x86_64-linux-gnu/cmake/Torch", "/usr/lib/aarch64-linux-gnu/cmake/Torch", "/usr/share/cmake/Torch", "/usr/local/share/cmake/Torch",
         "/usr/local/lib/cmake/Torch"];

    /// <summary>One installation: its cmake folder (the one with TorchConfig.cmake), its version where that is written down, and who brought it.</summary>
    public sealed record Installation(string Folder, Version? Version, string Origin)
    {
        /// <summary>What CMAKE_PREFIX_PATH has to be for it, or null where CMake finds it by itself.</summary>
        public string? Prefix => Origin == SystemOrigin ? null : Path.GetDirectoryName(Folder);

        public bool TooOld => Version is not null && Version < Oldest;
    }

    private const string SystemOrigin = "the system's packages";

    /// <summary>The one to build against: TORCH_PREFIX, then the system's, then the one inside python3's PyTorch. Null where there is none.</summary>
    public static Installation? Find(string? remembered)
    {
        var asked = Environment.GetEnvironmentVariable("TORCH_PREFIX");
        if (!string.IsNullOrEmpty(asked))
            return At(Path.Combine(asked, "Torch"), "TORCH_PREFIX") ?? throw new UserException(
                $"TORCH_PREFIX is {asked}, expected a folder that holds Torch/TorchConfig.cmake; for a PyTorch wheel it is what "
                + "python3 -c 'import torch; print(torch.utils.cmake_prefix_path)' prints");
        return SystemFolders.Select(f => At(f, SystemOrigin)).FirstOrDefault(i => i is not null)
            ?? (remembered is null ? null : At(Path.Combine(remembered, "Torch"), "the remembered choice"))
            ?? InPython();
    }

    private static Installation? InPython()
    {
        if (Tool.Find("python3") is not { } python) return null;
        var (code, output) = Tool.Capture(python, ["-c", "import torch; print(torch.utils.cmake_prefix_path)"], TimeSpan.FromSeconds(60));
        return code == 0 ? At(Path.Combine(output.Trim(), "Torch"), "python3's PyTorch") : null;
    }

    private static Installation? At(string folder, string origin)
    {
        if (!File.Exists(Path.Combine(folder, "TorchConfig.cmake"))) return null;
        var file = Path.Combine(folder, "TorchConfigVersion.cmake");
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.Contains("PACKAGE_VERSION \"", StringComparison.Ordinal)) : null;
        var text = line?.Split('"')[1];
        return new Installation(folder, Version.TryParse(text?.Split('+')[0], out var version) ? version : null, origin);
    }
}
