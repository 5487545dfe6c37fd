using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RealNvp.Flows;

/// <summary>
/// Loads TorchSharp's native library, with the libtorch beside it, before TorchSharp looks for one: it would take a libtorch of
/// another version that the system has, and in a program that knows nothing of it (a notebook's kernel) copies half a gigabyte
/// first.
/// </summary>
public static partial class TorchLibrary
{
    /// <summary>The file that <see cref="Load"/> loaded; null where it was not called, or found none.</summary>
    public static string? Path { get; private set; }

    /// <summary>
    /// Loads it, once; to be called before anything else uses TorchSharp. Threads that wait for work sleep from then on
    /// (OMP_WAIT_POLICY=passive, unless that is set): threads that spin starve those that work wherever two programs share the
    /// cores.
    /// </summary>
    /// <param name="folder">Where the program was built: the library lies there, or below runtimes/. Null: this
    /// program's.</param>
    /// <returns>Whether one was found there; where not, TorchSharp looks for it in its own way.</returns>
    /// <exception cref="DllNotFoundException">It is there and cannot be loaded; the message says why.</exception>
    /// <exception cref="BadImageFormatException">It is there and not whole, or for another processor.</exception>
    public static bool Load(string? folder = null)
    {
        if (Path is not null) return true;
        if (Find(folder ?? AppContext.BaseDirectory) is not { } path) return false;
        RequireWhole(path);
        LetThreadsSleep();
        NativeLibrary.Load(path);
        Path = path;
        return true;
    }

    /// <summary>The native library of a build's folder, or null.</summary>
    internal static string? Find(string folder)
    {
        var (system, name) = OperatingSystem.IsWindows() ? ("win", "LibTorchSharp.dll")
            : OperatingSystem.IsMacOS() ? ("osx", "libLibTorchSharp.dylib") : ("linux", "libLibTorchSharp.so");
        var runtime = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return new[] { System.IO.Path.Combine(folder, "runtimes", runtime, "native", name),
            System.IO.Path.Combine(folder, name) }.Select(System.IO.Path.GetFullPath).FirstOrDefault(File.Exists);
    }

    /// <summary>On Linux a library that was cut off ends the process when it is used, without a word.</summary>
    internal static void RequireWhole(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(path)!, "*.so"))
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

    private static void LetThreadsSleep()
    {
        const string Policy = "OMP_WAIT_POLICY", Passive = "passive";
        if (Environment.GetEnvironmentVariable(Policy) is not null) return;
        Environment.SetEnvironmentVariable(Policy, Passive);
        // .NET keeps a copy of the environment there, which native libraries do not see
        if (!OperatingSystem.IsWindows()) _ = setenv(Policy, Passive, 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
