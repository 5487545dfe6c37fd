using System.Runtime.InteropServices;
using System.Text;

namespace RealNvp.Workbook.Setup;

/// <summary>Whether TorchSharp's own native library can load on this system at all: known before a gigabyte of packages is fetched to try it.</summary>
internal static class TorchSharpNative
{
    /// <summary>The newest symbol version that libLibTorchSharp.so of TorchSharp 0.107 asks of the C++ runtime; GCC 13.2 brought it.</summary>
    private const string Wanted = "GLIBCXX_3.4.32";

    private static readonly string[] Folders = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib"];

    /// <summary>Why it cannot, in one line; null where nothing speaks against it.</summary>
    internal static string? Refusal() => OperatingSystem.IsLinux()
        ? Refusal(RuntimeInformation.OSArchitecture, Folders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists))
        : null;

    internal static string? Refusal(Architecture architecture, string? runtime)
    {
        if (architecture == Architecture.Arm64) return "TorchSharp has no native library for Linux on Arm";
        if (runtime is null || File.ReadAllBytes(runtime).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Wanted)) >= 0) return null;
        return $"TorchSharp's native library wants the C++ runtime of GCC 13 ({Wanted}), and {runtime} is older";
    }
}
