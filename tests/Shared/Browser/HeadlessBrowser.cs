using PuppeteerSharp;

namespace RealNvp.Tests.Browser;

/// <summary>A Chromium without a window that tests drive, in real time: frames are drawn as for a reader.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    private readonly IBrowser _browser;
    private readonly DirectoryInfo _profile;

    private HeadlessBrowser(IBrowser browser, DirectoryInfo profile) => (_browser, _profile) = (browser, profile);

    // Wine shows Linux's files to Windows' programs too.
    private static string? Program { get; } = OperatingSystem.IsWindows() ? null : Places.FirstOrDefault(File.Exists);

    /// <summary>Skips the test that calls it where there is no Chromium.</summary>
    internal static void Require() => Assert.SkipWhen(Program is null, "There is no Chromium on this machine.");

    /// <summary>Starts it; every host name, this machine's own address apart, is unknown to it.</summary>
    internal static async Task<HeadlessBrowser> StartAsync()
    {
        Require();
        var profile = Directory.CreateTempSubdirectory("chromium-");
        var browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Program,
            UserDataDir = profile.FullName,
            Timeout = (int)BrowserPage.Patience.TotalMilliseconds,
            ProtocolTimeout = (int)BrowserPage.Patience.TotalMilliseconds,
            Env = { ["TMPDIR"] = profile.FullName },   // what a browser that is killed leaves behind goes with its profile
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                "--disable-dev-shm-usage", "--hide-scrollbars",
                "\"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1\"",   // one argument: they are joined by spaces
            ],
        });
        return new HeadlessBrowser(browser, profile);
    }

    /// <summary>A new page of that size in CSS pixels, on which nothing is loaded yet.</summary>
    internal async Task<BrowserPage> NewPageAsync(int width = 1200, int height = 900)
    {
        BrowserPage page = new(await _browser.NewPageAsync());
        await page.ResizeAsync(width, height);
        return page;
    }

    /// <summary>A new page with a file on it.</summary>
    internal async Task<BrowserPage> OpenAsync(string path)
    {
        var page = await NewPageAsync();
        await page.GoAsync(new Uri(path).AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        try { _profile.Delete(recursive: true); }
        catch (IOException) { /* a process of Chromium's may still write there while it ends */ }
    }
}
