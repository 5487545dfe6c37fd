using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Setup;

/// <summary>The native libraries that this process has loaded, from /proc/self/maps: which libtorch and which BLAS are really in use.</summary>
public static class LoadedLibraries
{
    private static readonly string[] BlasNames = ["libopenblas", "libmkl", "libblas", "libflexiblas", "libblis"];

    /// <summary>The path of the first loaded library whose file name starts with one of the names, links resolved; null where none is.</summary>
    public static string? Find(params string[] names)
    {
        if (!File.Exists("/proc/self/maps")) return null;
        return File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/') is var at and >= 0 ? line[at..] : "")
            .Where(path => path.Contains(".so", StringComparison.Ordinal)).Distinct()
            .FirstOrDefault(path => names.Any(n => Path.GetFileName(path).StartsWith(n, StringComparison.Ordinal)));
    }

    public static string? Libtorch() => Find("libtorch_cpu", "libtorch.so");

    /// <summary>OpenBLAS under the name of the reference library (Debian's alternatives) shows in its resolved path.</summary>
    public static string? Blas() => BlasNames.Select(n => Find(n)).FirstOrDefault(p => p is not null);

    /// <summary>Threads of a matrix product in OpenBLAS; null where that is not the BLAS in use.</summary>
    public static unsafe int? OpenBlasThreads() =>
        Blas() is { } path && NativeLibrary.TryLoad(path, out var blas) && NativeLibrary.TryGetExport(blas, "openblas_get_num_threads", out var count)
            ? ((delegate* unmanaged<int>)count)() : null;
}
