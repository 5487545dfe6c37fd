using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds and loads libtorch_dispatch, after the thread pools were sized.</summary>
internal static partial class LibtorchLoader
{
    internal const string LibraryName = "torch_dispatch";

    private static int _registered;

    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
            NativeLibrary.SetDllImportResolver(typeof(LibtorchLoader).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != LibraryName) return 0;
        SizeThreadPools();
        var file = $"lib{LibraryName}.so";
        string[] folders = [Path.GetDirectoryName(assembly.Location) ?? "", Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)];
        foreach (var path in folders.Distinct().Select(folder => Path.Combine(folder, file)).Where(File.Exists))
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException e)
            {
                // The runtime's text ends in what the loader said; the advice before that is for developers.
                var said = e.Message.Trim().Split('\n')[^1].Trim();
                throw new DllNotFoundException($"{path} does not load, most likely because the libtorch it was built against is gone or was "
                    + $"replaced ({said}). Run ./workbook setup to build it again.");
            }
        }
        throw new DllNotFoundException($"no libtorch: {file} was not built (looked in {string.Join(" and ", folders.Distinct())}). "
            + "Run ./workbook setup, or install libtorch-dev, cmake and g++ and build again.");
    }

    /// <summary>
    /// OpenMP's and OpenBLAS's pools read the environment when they load, and a pool that spins starves the other: both get the
    /// machine's cores and sleep while idle, unless the user has said otherwise. .NET's own Environment does not reach native getenv.
    /// </summary>
    private static void SizeThreadPools()
    {
        var cores = Environment.ProcessorCount.ToString();
        SetEnvironment("OMP_NUM_THREADS", cores);
        SetEnvironment("OPENBLAS_NUM_THREADS", cores);
        SetEnvironment("OMP_WAIT_POLICY", "passive");
    }

    private static unsafe void SetEnvironment(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given) value = given;
        fixed (byte* n = System.Text.Encoding.UTF8.GetBytes(name + '\0'), v = System.Text.Encoding.UTF8.GetBytes(value + '\0'))
            _ = setenv(n, v, 1);
    }

    [DllImport("libc")] private static extern unsafe int setenv(byte* name, byte* value, int overwrite);
}
