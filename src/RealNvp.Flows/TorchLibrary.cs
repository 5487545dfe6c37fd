using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace RealNvp.Flows;

/// <summary>
/// Loads TorchSharp's native library, with the libtorch beside it, before TorchSharp looks for one: it would take a libtorch of
/// another version that the system has, and in a program that knows nothing of it (a notebook's kernel) copies half a gigabyte
/// first. That happens by itself where this library is used first; a program that uses TorchSharp before calls
/// <see cref="Load"/> before.
/// </summary>
public static partial class TorchLibrary
{
    private static readonly Lock OneAtATime = new();
    private static bool isThere;

    /// <summary>The file that was loaded; null where none was found, and TorchSharp looks for one in its own way.</summary>
    public static string? Path { get; private set; }

    /// <summary>
    /// Loads it, once. Threads that wait for work sleep from then on (OMP_WAIT_POLICY=passive, unless that is set): threads that
    /// spin starve those that work wherever two programs share the cores. Where Linux's C++ runtime is older than the library
    /// asks for and no build has adapted it, an adapted copy is loaded, which lies in the user's folder for data.
    /// </summary>
    /// <param name="folder">Where the program was built: the library lies there, or below runtimes/. Null: this program's
    /// folder, that of TorchSharp's assembly, or its package.</param>
    /// <returns>Whether one was found there; where not, TorchSharp looks for it in its own way.</returns>
    /// <exception cref="DllNotFoundException">It is there and cannot be loaded; the message says why, and which package is
    /// missing where it is libtorch.</exception>
    /// <exception cref="BadImageFormatException">It is there and not whole, or for another processor.</exception>
    public static bool Load(string? folder = null)
    {
        lock (OneAtATime)
        {
            if (Path is not null) return true;
            string[] folders = folder is null ? [AppContext.BaseDirectory, .. FoldersOfTorchSharp()] : [folder];
            if (folders.Select(Find).FirstOrDefault(found => found is not null) is not { } path) return false;
            RequireWhole(path);
            LetThreadsSleep();
            Path = Open(path, FindLibTorch(path));
            return true;
        }
    }

    /// <summary>A module's name; before the first module, libtorch is there, or one sentence says what is missing.</summary>
    internal static string Require(string name)
    {
        if (isThere) return name;
        // One that the program has loaded itself, or that the system has, TorchSharp judges.
        if (!Load() && !NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _))
            throw new DllNotFoundException(Missing());
        isThere = true;
        return name;
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp looks for its library once, at its first use.")]
    internal static void LoadAhead()
    {
        try
        {
            Load();
        }
        catch (Exception e) when (
            e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            // Whoever needs it meets the same again, with a message that reaches the reader: see Require.
        }
    }

    internal static string Missing()
    {
        var isKnown = Runtime is "linux-x64" or "win-x64" or "win-arm64" or "osx-arm64";
        if (!isKnown)
            return $"TorchSharp has native libraries for linux-x64, win-x64, win-arm64 and osx-arm64, but this is {Runtime}.";
        var (package, version) = ($"libtorch-cpu-{Runtime}", LibTorchVersion);
        return "RealNvp.Flows runs on libtorch, and this program refers to no package of it. Add one: for this system alone "
            + $"`dotnet add package {package}{(version is null ? "" : $" --version {version}")}`, in a notebook "
            + $"`#r \"nuget: {package}{(version is null ? "" : $", {version}")}\"`; for any system TorchSharp-cpu; for an "
            + "NVIDIA GPU TorchSharp-cuda-linux or TorchSharp-cuda-windows.";
    }

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
