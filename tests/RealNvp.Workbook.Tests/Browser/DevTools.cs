using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace RealNvp.Workbook.Tests.Browser;

/// <summary>The browser's end of the Chrome DevTools protocol: commands with their answers, and events.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(90);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private int _id;
    private Task _reading = Task.CompletedTask;

    /// <summary>An event: the page's session, its name, its parameters.</summary>
    internal event Action<string, string, JsonElement>? Event;

    internal static async Task<DevTools> ConnectAsync(Uri address)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(address, CancellationToken.None);
        tools._reading = Task.Run(tools.ReadAsync);
        return tools;
    }

    internal async Task<JsonElement> SendAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _id);
        var answer = _waiting[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new Dictionary<string, object> { ["id"] = id, ["method"] = method, ["params"] = parameters ?? new { } };
        if (session is not null) message["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true,
                CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
        var result = await answer.Task.WaitAsync(AnswerLimit);
        return result.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"{method}: {error}") : result.GetProperty("result");
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                using var document = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
                Take(document.RootElement.Clone());
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The browser is gone: whoever waits for it is told below.
        }
        foreach (var waiting in _waiting.Values) waiting.TrySetException(new InvalidOperationException("the browser has ended"));
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            if (_waiting.TryRemove(id.GetInt32(), out var waiting)) waiting.TrySetResult(message);
        }
        else if (message.TryGetProperty("method", out var method))
            Event?.Invoke(message.TryGetProperty("sessionId", out var session) ? session.GetString()! : "", method.GetString()!,
                message.GetProperty("params"));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }
}
