using System.Collections.Concurrent;
using System.Text.Json;

namespace RealNvp.Workbook.Tests.Browser;

/// <summary>A page in the browser, with what its scripts complained of and what it asked of the network.</summary>
internal sealed class BrowserPage(DevTools tools, string session)
{
    // What Chromium itself remarks on drawing without a graphics card.
    private static readonly string[] Remarks = ["Canvas2D: Multiple readback", "GL Driver Message", "software WebGL"];

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Errors and warnings on the console, uncaught exceptions, files that did not load.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Addresses that the page asked for, those of files and of data apart.</summary>
    internal IReadOnlyCollection<string> Requests => _requests;

    internal async Task BeginAsync()
    {
        tools.Event += (from, name, data) =>
        {
            if (from == session) Take(name, data);
        };
        foreach (var domain in (string[])["Page", "Runtime", "Network", "Log"]) await SendAsync($"{domain}.enable");
    }

    internal Task ResizeAsync(int width, int height) =>
        SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });

    /// <summary>light or dark; on screen or on paper.</summary>
    internal Task PreferAsync(string scheme, string media = "screen") =>
        SendAsync("Emulation.setEmulatedMedia",
        new { media, features = new[] { new { name = "prefers-color-scheme", value = scheme } } });

    internal Task GoAsync(string address) => SendAsync("Page.navigate", new { url = address });

    /// <summary>A JavaScript expression's value; a promise is waited for.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression)
    {
        var result = await SendAsync("Runtime.evaluate",
            new { expression, awaitPromise = true, returnByValue = true, userGesture = true });
        if (result.TryGetProperty("exceptionDetails", out var exception))
            throw new InvalidOperationException(
                $"{expression}\n{(exception.TryGetProperty("exception", out var e) && e.TryGetProperty("description", out var d) ? d : exception)}");
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    internal async Task<string> TextAsync(string expression) => (await EvaluateAsync(expression)).ToString();

    /// <summary>Waits until an expression is true.</summary>
    /// <exception cref="TimeoutException">It is not in time; the message says what the page complained of.</exception>
    internal async Task UntilAsync(string expression, int seconds = 90)
    {
        var end = DateTime.UtcNow.AddSeconds(seconds);
        while (true)
        {
            if (await EvaluateAsync($"Boolean((() => {{ try {{ return {expression}; }} catch {{ return false; }} }})())") is
                {
                    ValueKind: JsonValueKind.True
                }) return;
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"not true within {seconds} s: {expression}\n{string.Join('\n', _complaints)}");
            await Task.Delay(100);
        }
    }

    /// <summary>A picture of what is seen, or of the whole page.</summary>
    internal async Task ScreenshotAsync(string png, bool whole = false)
    {
        var data = await SendAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = whole });
        Directory.CreateDirectory(Path.GetDirectoryName(png)!);
        await File.WriteAllBytesAsync(png, data.GetProperty("data").GetBytesFromBase64());
    }

    /// <summary>The page printed.</summary>
    internal async Task<byte[]> PdfAsync() =>
        (await SendAsync("Page.printToPDF", new { printBackground = true, preferCSSPageSize = true })).GetProperty("data")
            .GetBytesFromBase64();

    internal Task CloseAsync() => SendAsync("Page.close");

    private Task<JsonElement> SendAsync(string method, object? parameters = null) => tools.SendAsync(method, parameters, session);

    private void Take(string name, JsonElement data)
    {
        switch (name)
        {
            case "Runtime.exceptionThrown":
                Complain(data.GetProperty("exceptionDetails").ToString());
                break;
            case "Runtime.consoleAPICalled" when data.GetProperty("type").GetString() is "error" or "warning" or "assert":
                Complain(string.Join(' ', data.GetProperty("args").EnumerateArray()
                    .Select(argument => argument.TryGetProperty("value", out var value)
                    ? value.ToString() : argument.ToString())));
                break;
            case "Log.entryAdded" when data.GetProperty("entry") is var entry && entry.GetProperty("level")
                .GetString() is "error" or "warning":
                Complain($"{entry.GetProperty("text")} {(entry.TryGetProperty("url", out var url) ? url : default)}");
                break;
            case "Network.requestWillBeSent" when data.GetProperty("request").GetProperty("url").GetString() is { } address
                && !address.StartsWith("file:", StringComparison.Ordinal)
                && !address.StartsWith("data:", StringComparison.Ordinal)
                && !address.StartsWith("blob:", StringComparison.Ordinal):
                _requests.Enqueue(address);
                break;
        }
    }

    private void Complain(string text)
    {
        if (!Remarks.Any(text.Contains)) _complaints.Enqueue(text);
    }
}
