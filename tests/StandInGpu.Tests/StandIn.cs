using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealNvp.Flows.Training;
using TorchSharp;

namespace StandInGpu.Tests;

/// <summary>
/// The stand-in for a GPU (native/stand_in_gpu.cpp says what it is and is not), in this process: a CUDA device whose work is the CPU's, which minds devices and
/// waits as a GPU does. What a real one computes, and how fast, it does not show.
/// </summary>
internal static partial class StandIn
{
    private const string Library = "stand_in_gpu";

    /// <summary>Whether it was built, which it is where libtorch has no CUDA of its own.</summary>
    internal static bool IsLoaded { get; private set; }

    /// <summary>Skips the test where there is no stand-in.</summary>
    internal static void Needed() => Skip.IfNot(IsLoaded, "needs the stand-in for a GPU, which is built where libtorch has no CUDA of its own");

    /// <summary>Before any test: libtorch looks for its CUDA once only.</summary>
    [ModuleInitializer]
    internal static void Load()
    {
        _ = torch.get_num_threads();   // libtorch itself comes first
        var file = Path.Combine(AppContext.BaseDirectory, $"lib{Library}.so");
        if (!File.Exists(file)) return;
        NativeLibrary.SetDllImportResolver(typeof(StandIn).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(file) : 0);
        NativeLibrary.Load(file);
        CudaGraphs.Capturing = Capture;
        IsLoaded = true;
    }

    /// <summary>Operators that ran on it so far.</summary>
    [LibraryImport(Library, EntryPoint = "stand_in_operators")]
    internal static partial long Operators();

    /// <summary>Those of them that a GPU would have launched work for, which is all but views and allocations.</summary>
    [LibraryImport(Library, EntryPoint = "stand_in_launches")]
    internal static partial long Launches();

    /// <summary>How often the host waited for it so far, or it for the host.</summary>
    [LibraryImport(Library, EntryPoint = "stand_in_waits")]
    internal static partial long Waits();

    /// <summary>What the host waited for last.</summary>
    internal static string LastWait => Marshal.PtrToStringUTF8(LastWaitText())!;

    /// <summary>The device fails with this text from the operator on that comes after so many more, until what is returned is disposed.</summary>
    internal static IDisposable FailAfter(long operators, string text)
    {
        FailAfterNative(operators, text);
        return new Mended();
    }

    /// <summary>As CUDA graphs: records what the work issues without running it, and replays that on the same memory.</summary>
    internal static (Action Replay, Action Release)? Capture(Action work)
    {
        Check(Begin(out var captured));
        try
        {
            work();
        }
        catch
        {
            End();
            Release(captured);
            throw;
        }
        End();
        return (() => Check(Replay(captured)), () => Release(captured));
    }

    private static void Check(int status)
    {
        if (status != 0) throw new ExternalException(Marshal.PtrToStringUTF8(Failure()));
    }

    private sealed class Mended : IDisposable
    {
        public void Dispose() => FailAfterNative(-1, "");
    }

    [LibraryImport(Library, EntryPoint = "stand_in_last_wait")] private static partial nint LastWaitText();
    [LibraryImport(Library, EntryPoint = "stand_in_failure")] private static partial nint Failure();
    [LibraryImport(Library, EntryPoint = "stand_in_fail_after", StringMarshalling = StringMarshalling.Utf8)] private static partial void FailAfterNative(long more, string text);
    [LibraryImport(Library, EntryPoint = "stand_in_capture_begin")] private static partial int Begin(out nint captured);
    [LibraryImport(Library, EntryPoint = "stand_in_capture_end")] private static partial void End();
    [LibraryImport(Library, EntryPoint = "stand_in_replay")] private static partial int Replay(nint captured);
    [LibraryImport(Library, EntryPoint = "stand_in_release")] private static partial void Release(nint captured);
}
