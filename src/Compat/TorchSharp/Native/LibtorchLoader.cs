using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds and loads libtorch_dispatch, after the thread pools were sized.</summary>
internal static partial class LibtorchLoader
{
    internal const string LibraryName = "torch_dispatch";

    private const string OpenBlasThreads = "OPENBLAS_NUM_THREADS";

    private static int _registered;

    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
            NativeLibrary.SetDllImportResolver(typeof(LibtorchLoader).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != LibraryName) return 0;
        var openBlasIsSized = IsSet(OpenBlasThreads);
        SizeThreadPools();
        var file = $"lib{LibraryName}.so";
        string[] folders = [Path.GetDirectoryName(assembly.Location) ?? "", Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)];
        foreach (var path in folders.Distinct().Select(folder => Path.Combine(folder, file)).Where(File.Exists))
        {
            try
            {
                var library = NativeLibrary.Load(path);
                if (!openBlasIsSized) CalmBlas(library);
                return library;
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
    /// machine's cores and sleep while idle, unless the user has said otherwise; one number given for OpenMP is OpenBLAS's, too. .NET's own
    /// Environment does not reach native getenv.
    /// </summary>
    private static void SizeThreadPools()
    {
        var threads = SetEnvironment("OMP_NUM_THREADS", Environment.ProcessorCount.ToString());
        SetEnvironment(OpenBlasThreads, threads);
        SetEnvironment("OMP_WAIT_POLICY", "passive");
    }

    /// <summary>Where OpenBLAS's threads spin while they wait (see runtime.cpp) it works with one, until `torch.set_num_threads` asks for more.</summary>
    private static unsafe void CalmBlas(nint library) => ((delegate* unmanaged<byte>)NativeLibrary.GetExport(library, "td_calm_blas"))();

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    private static unsafe string SetEnvironment(string name, string value)
    {
        if (IsSet(name)) value = Environment.GetEnvironmentVariable(name)!;
        fixed (byte* n = System.Text.Encoding.UTF8.GetBytes(name + '\0'), v = System.Text.Encoding.UTF8.GetBytes(value + '\0'))
            _ = setenv(n, v, 1);
        return value;
    }

    [DllImport("libc")] private static extern unsafe int setenv(byte* name, byte* value, int overwrite);
}
