using System.Diagnostics;

namespace RealNvp.Figures.Tests;

/// <summary>Headless Chromium with the network cut off.</summary>
internal static class Chromium
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    // Wine shows Linux's files to Windows' programs too.
    public static string? Path { get; } = OperatingSystem.IsWindows() ? null : Places.FirstOrDefault(File.Exists);

    // What Chromium itself remarks on drawing without a graphics card.
    private static readonly string[] Remarks = ["Canvas2D: Multiple readback", "GL Driver Message", "software WebGL"];

    /// <summary>
    /// The document as it stands after its scripts have run, and what its scripts wrote to the console. The time is the page's
    /// own, which passes at once while nothing is to be done; unpacking plotly.js takes real time, in which it passes too.
    /// </summary>
    public static (string Dom, string Console) Dump(string page, int milliseconds = 60_000) =>
        Run(page, ["--dump-dom", $"--virtual-time-budget={milliseconds}"]);

    public static void Screenshot(string page, string png, int width = 900, int height = 700, bool dark = false) =>
        Run(page, [$"--screenshot={png}", $"--window-size={width},{height}", "--hide-scrollbars", "--virtual-time-budget=6000",
            .. dark ? (string[])["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] : []]);

    private static (string Dom, string Console) Run(string page, string[] arguments)
    {
        var profile = Directory.CreateTempSubdirectory("chromium");
        try
        {
            ProcessStartInfo start = new(Path ?? throw new InvalidOperationException("There is no Chromium."))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["TMPDIR"] = profile.FullName;   // what a browser that is killed leaves behind goes with its profile
            string[] fixedArguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                    "--disable-dev-shm-usage",
                "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--v=0",
                $"--user-data-dir={profile.FullName}",
            ];
            foreach (var argument in fixedArguments.Concat(arguments).Append(new Uri(page).AbsoluteUri))
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(120_000)) process.Kill(entireProcessTree: true);
            var console = string.Join('\n', errors.Result.Split('\n')
                .Where(line => line.Contains("CONSOLE") && !Remarks.Any(line.Contains)));
            return (output.Result, console);
        }
        finally
        {
            try { profile.Delete(recursive: true); }
            catch (IOException) { /* Chromium still writes to its profile while it ends. */ }
        }
    }
}
