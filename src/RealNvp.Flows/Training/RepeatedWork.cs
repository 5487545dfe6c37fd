using TorchSharp;

namespace RealNvp.Flows.Training;

/// <summary>Records work without running it; gives what runs it and what frees the record, or null where that cannot be done.</summary>
internal delegate (Action Replay, Action Release)? Capturing(Action work);

/// <summary>
/// Work that issues the same operators on the same tensors each time. It is simply done, unless there is a way to capture it: then it is done some times, so
/// that libraries and memory are set up, captured, and from there on replayed as a whole.
/// </summary>
internal sealed class RepeatedWork(Action work, Capturing? capturing) : IDisposable
{
    private const int TimesBeforeCapture = 3;

    private Capturing? capturing = capturing;
    private (Action Replay, Action Release)? captured;
    private int times;

    /// <summary>How often it was replayed.</summary>
    internal long Replays { get; private set; }

    /// <summary>Why it could not be captured; null where it was, or was not tried.</summary>
    internal string? Refusal { get; private set; }

    internal void Run()
    {
        if (captured is null && capturing is not null && times >= TimesBeforeCapture) Capture();
        if (captured is { } record)
        {
            record.Replay();
            Replays++;
            return;
        }
        work();
        times++;
    }

    private void Capture()
    {
        try
        {
            captured = capturing!(work);
        }
        catch (Exception e)   // whatever is wrong with the work itself shows when it is done without capture
        {
            Refusal = e.Message;
        }
        capturing = null;
    }

    public void Dispose() => captured?.Release();
}

/// <summary>CUDA graphs, where the stack, its build and the machine have them. Without them work is done in the plain way.</summary>
internal static class CudaGraphs
{
    /// <summary>How to capture work; null where there are no graphs. Set by tests that bring a stand-in.</summary>
    internal static Capturing? Capturing { get; set; } =
        LocalStack.Method<Func<bool>>("CapturedWork", "IsAvailable")?.Invoke() is true ? LocalStack.Method<Capturing>("CapturedWork", "Capture") : null;
}
