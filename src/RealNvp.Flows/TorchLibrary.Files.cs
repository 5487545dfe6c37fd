using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RealNvp.Build;
using TorchSharp;
using static System.IO.Path;

namespace RealNvp.Flows;

public static partial class TorchLibrary
{
    private static readonly string Runtime = (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + $"-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The version of libtorch's packages that TorchSharp is for; asking itself for it would load the library.</summary>
    private static string? LibTorchVersion => typeof(torch)
        .GetField("libtorchPackageVersion", BindingFlags.Static | BindingFlags.NonPublic)?.GetRawConstantValue() is string given
        && Version.TryParse(given, out var version) ? version.ToString(version.Revision > 0 ? 4 : 3) : null;

    /// <summary>The native library of a build's folder, or null.</summary>
    internal static string? Find(string folder)
    {
        var name = OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
            : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        return new[] { Combine(folder, "runtimes", Runtime, "native", name), Combine(folder, name) }.Select(GetFullPath)
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Where TorchSharp's assembly lies; and on Linux its package, PACKAGES/torchsharp/VERSION/lib/FRAMEWORK: a notebook's kernel
    /// takes assemblies from there, and builds nothing. Not where there are packages for CUDA: TorchSharp is told which is meant.
    /// </summary>
    private static IEnumerable<string> FoldersOfTorchSharp()
    {
        if (GetDirectoryName(typeof(torch).Assembly.Location) is not { Length: > 0 } folder) yield break;
        yield return folder;
        var package = GetFullPath(Combine(folder, "..", ".."));
        if (!OperatingSystem.IsLinux() || !File.Exists(Combine(package, "torchsharp.nuspec"))) yield break;
        if (!Directory.EnumerateDirectories(Combine(package, "..", ".."), "libtorch-cuda-*").Any()) yield return package;
    }

    /// <summary>The folder of libtorch: that of the library, or of the package beside the library's; or null.</summary>
    private static string? FindLibTorch(string library)
    {
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll"
            : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        var beside = GetDirectoryName(library)!;
        var packages = Combine(beside, "..", "..", "..", "..", "..");
        var native = Combine(packages, $"libtorch-cpu-{Runtime}", LibTorchVersion ?? "", "runtimes", Runtime, "native");
        return new[] { beside, native }.FirstOrDefault(folder => File.Exists(Combine(folder, name)));
    }

    /// <summary>On Linux a library that was cut off ends the process when it is used, without a word.</summary>
    internal static void RequireWhole(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var file in Directory.EnumerateFiles(GetDirectoryName(path)!, "*.so"))
        {
            using var stream = File.OpenRead(file);
            var header = new byte[64];
            var whole = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
                && stream.Length >= EndOfSections(header);
            if (!whole)
                throw new BadImageFormatException(
                    $"{file} is no whole library ({stream.Length:n0} bytes): delete that folder, and build the program again.");
        }
    }

    /// <summary>The section headers of a 64-bit ELF file are its last part: e_shoff + e_shentsize e_shnum.</summary>
    private static long EndOfSections(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadInt64LittleEndian(header[0x28..])
        + BinaryPrimitives.ReadUInt16LittleEndian(header[0x3A..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[0x3C..]);

    /// <returns>The file that was loaded: the library, or its adapted copy.</returns>
    private static string Open(string library, string? libTorch)
    {
        try
        {
            if (libTorch is not null && libTorch != GetDirectoryName(library))
                NativeLibrary.Load(Combine(libTorch, "libtorch.so"));
            NativeLibrary.Load(library);
            return library;
        }
        catch (DllNotFoundException) when (libTorch is null)
        {
            throw new DllNotFoundException(Missing());
        }
        catch (DllNotFoundException e) when (OperatingSystem.IsLinux()
            && e.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            var copy = Adapt(library);
            NativeLibrary.Load(Combine(libTorch!, "libtorch.so"));   // what the copy asks for lies elsewhere
            NativeLibrary.Load(copy);
            return copy;
        }
    }

    /// <summary>A copy for an older C++ runtime, as builds make it: see <see cref="OlderRuntime"/>.</summary>
    private static string Adapt(string library)
    {
        var copy = "";
        try
        {
            var (bytes, outcome) = OlderRuntime.Adapt(library, OlderRuntime.Find());
            if (bytes is null) throw new DllNotFoundException($"{library} cannot be loaded ({outcome}).");
            copy = Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify), "RealNvp.Flows",
                Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], GetFileName(library));
            if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes)) return copy;
            AtomicFile.Write(copy + ".txt", outcome + "\n");
            AtomicFile.Write(copy, stream => stream.Write(bytes));
            return copy;
        }
        catch (Exception e) when (OlderRuntime.IsOfFiles(e))
        {
            throw new DllNotFoundException(e is InvalidDataException ? e.Message + "."
                : $"{library} asks for a newer C++ runtime than this system has; a copy that does not cannot be written to "
                + $"{copy} ({e.Message}). Set XDG_DATA_HOME to a folder that can be written.");
        }
    }
}
