using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Requests that are answered one after the other; those that wait are bounded in number and size.</summary>
internal sealed class RequestQueue(KernelSocket socket)
{
    /// <summary>The most requests that wait, and the most bytes of them together.</summary>
    internal const int MostWaiting = 1000;
    internal const long MostBytes = 64 << 20;

    private readonly BlockingCollection<JupyterMessage> _waiting = [];
    private long _bytes;

    /// <summary>Where they came from, and answers go.</summary>
    internal KernelSocket Socket => socket;

    /// <summary>Takes a request in; why not, where it does not, as a sentence.</summary>
    internal string? TryAdd(JupyterMessage request)
    {
        if (_waiting.Count >= MostWaiting)
            return $"{MostWaiting} requests wait already: send this again when some of them are done";
        if (Interlocked.Read(ref _bytes) + request.Size > MostBytes)
            return $"requests of {MostBytes >> 20} MiB wait already: send this again when some of them are done";
        if (_waiting.IsAddingCompleted) return "the kernel ends";
        Interlocked.Add(ref _bytes, request.Size);
        _waiting.Add(request);
        return null;
    }

    /// <summary>Each request when it is its turn, until there are no more to come.</summary>
    internal IEnumerable<JupyterMessage> TakeAll()
    {
        foreach (var request in _waiting.GetConsumingEnumerable())
        {
            Interlocked.Add(ref _bytes, -request.Size);
            yield return request;
        }
    }

    /// <summary>The next one, where one waits.</summary>
    internal bool TryTake([NotNullWhen(true)] out JupyterMessage? request)
    {
        if (!_waiting.TryTake(out request)) return false;
        Interlocked.Add(ref _bytes, -request.Size);
        return true;
    }

    internal void CompleteAdding() => _waiting.CompleteAdding();
}
