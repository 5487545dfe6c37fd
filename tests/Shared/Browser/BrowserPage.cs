using System.Collections.Concurrent;
using PuppeteerSharp;

namespace RealNvp.Tests.Browser;

/// <summary>A page in the browser, with what its scripts complained of and what it asked of the network.</summary>
internal sealed class BrowserPage
{
    /// <summary>For whatever a page does, on a machine however busy.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string Figures = "[...document.querySelectorAll('.realnvp-figure')]";

    // What Chromium itself remarks on drawing without a graphics card.
    private static readonly string[] Remarks = ["Canvas2D: Multiple readback", "GL Driver Message", "software WebGL"];

    private static readonly string[] OwnSchemes = ["file:", "data:", "blob:"];

    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();

    internal BrowserPage(IPage page)
    {
        _page = page;
        page.Console += (_, e) =>
        {
            if (e.Message.Type is ConsoleType.Error or ConsoleType.Warning or ConsoleType.Assert)
                Complain($"{e.Message.Text} {e.Message.Location?.URL}");
        };
        page.PageError += (_, e) => Complain(e.Message);
        page.Request += (_, e) =>
        {
            if (!OwnSchemes.Any(scheme => e.Request.Url.StartsWith(scheme, StringComparison.Ordinal)))
                _requests.Enqueue(e.Request.Url);
        };
    }

    /// <summary>Errors and warnings on the console, uncaught exceptions, files that did not load.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Addresses that the page asked for, those of files and of data apart.</summary>
    internal IReadOnlyCollection<string> Requests => _requests;

    internal Task ResizeAsync(int width, int height) =>
        _page.SetViewportAsync(new ViewPortOptions { Width = width, Height = height, IsMobile = width < 600 });

    /// <summary>light or dark; on screen or on paper.</summary>
    internal Task PreferAsync(string scheme, string media = "screen") =>
        // In one call: the package's two take each other's choice back.
        _page.Client.SendAsync("Emulation.setEmulatedMedia",
            new { media, features = new[] { new { name = "prefers-color-scheme", value = scheme } } });

    internal Task GoAsync(string address) => _page.GoToAsync(address, (int)Patience.TotalMilliseconds);

    /// <summary>A JavaScript expression's value; a promise is waited for.</summary>
    internal Task<T> EvaluateAsync<T>(string expression) => _page.EvaluateExpressionAsync<T>(expression);

    internal Task EvaluateAsync(string expression) => _page.EvaluateExpressionAsync(expression);

    internal Task<string> TextAsync(string expression) => EvaluateAsync<string>($"String({expression})");

    internal Task<string> HtmlAsync() => _page.GetContentAsync();

    /// <summary>Waits until an expression is true.</summary>
    /// <exception cref="TimeoutException">It is not in time; the message says what the page complained of.</exception>
    internal async Task UntilAsync(string expression)
    {
        var end = DateTime.UtcNow + Patience;
        while (!await EvaluateAsync<bool>($"Boolean((() => {{ try {{ return {expression}; }} catch {{ return false; }} }})())"))
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"not true within {Patience}: {expression}\n{string.Join('\n', _complaints)}");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until so many figures are on the page and each is drawn or has failed.</summary>
    internal Task UntilDrawnAsync(int count = 1) =>
        UntilAsync($"{Figures}.filter(one => /yes|failed/.test(one.dataset.drawn)).length === {count}");

    /// <summary>A picture of what is seen, or of the whole page.</summary>
    internal Task ScreenshotAsync(string png, bool whole = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(png)!);
        return _page.ScreenshotAsync(png, new ScreenshotOptions { FullPage = whole });
    }

    /// <summary>The page printed.</summary>
    internal Task<byte[]> PdfAsync() => _page.PdfDataAsync(new PdfOptions { PrintBackground = true, PreferCSSPageSize = true });

    internal Task CloseAsync() => _page.CloseAsync();

    private void Complain(string text)
    {
        if (!Remarks.Any(text.Contains)) _complaints.Enqueue(text);
    }
}
