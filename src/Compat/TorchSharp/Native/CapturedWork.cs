using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>
/// Work on a GPU, captured once as a CUDA graph and replayed as a whole. TorchSharp has none, so this is not public: RealNvp.Flows looks it up by name and does
/// without it where it is not there.
/// </summary>
internal static unsafe class CapturedWork
{
    private const string Name = "CUDA graph";

    /// <summary>Whether this libtorch has CUDA graphs, this build knows them, and there is a GPU.</summary>
    internal static bool IsAvailable() => NativeMethods.td_graph_available() != 0;

    /// <summary>
    /// Records what <paramref name="work"/> issues on the current GPU, without running it. The work must
    /// issue the same operators on the same tensors each time, ask for no value (that waits for the GPU, which a capture forbids) and leave its results in
    /// tensors that it does not free.
    /// </summary>
    /// <returns>Runs the recorded work, without waiting for its end; and frees the record.</returns>
    /// <exception cref="ExternalException">CUDA refused the capture; nothing has run then.</exception>
    internal static (Action Replay, Action Release)? Capture(Action work)
    {
        var captured = Begin();
        try
        {
            work();
        }
        catch
        {
            _ = NativeMethods.td_graph_end(captured);   // fails as well once a capture is broken; what broke it is what counts
            NativeMethods.td_graph_delete(captured);
            throw;
        }
        if (NativeMethods.td_graph_end(captured) != 0)
        {
            var refusal = NativeMethods.LastError();
            NativeMethods.td_graph_delete(captured);
            throw new ExternalException($"{Name}: {refusal}");
        }
        return (() => NativeMethods.Check(NativeMethods.td_graph_replay(captured), Name), () => NativeMethods.td_graph_delete(captured));
    }

    private static nint Begin()
    {
        nint captured;
        NativeMethods.Check(NativeMethods.td_graph_begin(&captured), Name);
        return captured;
    }
}
