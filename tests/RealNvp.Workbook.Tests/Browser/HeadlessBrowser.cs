using System.Diagnostics;
using RealNvp.Figures.Tests;

namespace RealNvp.Workbook.Tests.Browser;

/// <summary>A Chromium without a window that tests drive through its DevTools.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly DevTools _tools;

    private HeadlessBrowser(Process process, DirectoryInfo profile, DevTools tools) =>
        (_process, _profile, _tools) = (process, profile, tools);

    /// <summary>Starts it.</summary>
    /// <param name="offline">Whether every host name, this machine's own address apart, is unknown to it.</param>
    internal static async Task<HeadlessBrowser> StartAsync(bool offline = true)
    {
        var profile = Directory.CreateTempSubdirectory("chromium-");
        List<string> arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                "--disable-dev-shm-usage",
            "--disable-background-networking", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
            $"--user-data-dir={profile.FullName}",
        ];
        if (offline) arguments.Add("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
        var start = new ProcessStartInfo(Chromium.Path!, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true
        };
        start.Environment["TMPDIR"] = profile.FullName;   // what a browser that is killed leaves behind goes with its profile
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            _ = process.StandardError.ReadToEndAsync();
            return new HeadlessBrowser(process, profile, await DevTools.ConnectAsync(new Uri(line[Listening.Length..].Trim())));
        }
        throw new InvalidOperationException("Chromium ended before it listened");
    }

    /// <summary>A new page of that size in CSS pixels, on which nothing is loaded yet.</summary>
    internal async Task<BrowserPage> NewPageAsync(int width = 1200, int height = 900)
    {
        var target = (await _tools.SendAsync("Target.createTarget", new { url = "about:blank" })).GetProperty("targetId")
            .GetString();
        var session = (await _tools.SendAsync("Target.attachToTarget", new { targetId = target, flatten = true }))
            .GetProperty("sessionId").GetString()!;
        var page = new BrowserPage(_tools, session);
        await page.BeginAsync();
        await page.ResizeAsync(width, height);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try { _profile.Delete(recursive: true); }
        catch (IOException) { /* a process of Chromium's may still write there while it ends */ }
    }
}
