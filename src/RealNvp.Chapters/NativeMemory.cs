using System.Runtime.InteropServices;

namespace RealNvp.Chapters;

/// <summary>
/// Bounds the memory of tensors that a notebook's cells no longer use. It lies outside what .NET's collector counts, so a loop
/// that makes tensors without a dispose scope fills the machine's memory long before anything is collected.
/// </summary>
public static partial class NativeMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static int _watches;

    /// <summary>
    /// From now on collects garbage whenever this process's memory has grown by so much since the last time; a second call
    /// changes nothing.
    /// </summary>
    /// <param name="growth">Bytes.</param>
    public static void Watch(long growth = 512L << 20)
    {
        if (Interlocked.Exchange(ref _watches, 1) == 1) return;
        new Thread(() =>
        {
            for (var after = Environment.WorkingSet; ; Thread.Sleep(Interval))
            {
                after = Math.Min(after, Environment.WorkingSet);
                if (Environment.WorkingSet - after < growth) continue;
                Collect();
                after = Environment.WorkingSet;
            }
        })
        { IsBackground = true, Name = "watches native memory" }.Start();
    }

    /// <summary>Collects now, and gives the memory back to the system: before the process's memory is measured, for instance.</summary>
    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GiveBack();
    }

    /// <summary>
    /// Bytes that native code holds, in the main the tensors that live; garbage counts until it is collected. Where the C library
    /// does not say (all but glibc from 2.33 on), what the process holds in memory of its own.
    /// </summary>
    public static long Held()
    {
        if (OperatingSystem.IsLinux())
            try
            {
                var counts = mallinfo2();
                return (long)(counts.InUse + counts.Mapped);
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                // An older C library, or another one.
            }
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PrivateMemorySize64;
    }

    /// <summary>The C library of most Linux systems keeps what was freed for later, unless it is told not to.</summary>
    private static void GiveBack()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which has its own ways.
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc")]
    private static partial MallocCounts mallinfo2();

    /// <summary>The C library's struct mallinfo2; of its ten counts these two matter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocCounts
    {
        private readonly nuint _arena, _ordinaryBlocks, _smallBlocks, _mappedBlocks;
        public readonly nuint Mapped;
        private readonly nuint _unused, _freeSmall;
        public readonly nuint InUse;
        private readonly nuint _free, _releasable;
    }
}
