using System.Diagnostics;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

/// <summary>The shell script `workbook`, in a checkout of its own with a dotnet that only says what it was asked for.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Program = "src/RealNvp.Workbook/bin/Release/net10.0/RealNvp.Workbook.dll";

    private readonly TemporaryFolder _folder = new();

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        _folder.Write("checkout/workbook", File.ReadAllText(Path.Combine(Repository.Find().Root, "workbook")));
        _folder.Write("checkout/build/step", "");
        _folder.Write("checkout/Directory.Build.props", "");
        _folder.Write("checkout/global.json", "{}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Through_a_link_it_finds_its_checkout_and_writes_nothing_beside_the_link()
    {
        Built();
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["checkout/second"], "workbook");
        File.CreateSymbolicLink(_folder["elsewhere/wb"], _folder["checkout/second"]);
        var (code, output) = Run(_folder["elsewhere/wb"], Dotnet("echo \"$@\""), "run", "08");
        Assert.Equal((0, $"{_folder["checkout/" + Program]} run 08"), (code, output.Trim()));
        Assert.Equal([_folder["elsewhere/wb"]], Directory.GetFileSystemEntries(_folder["elsewhere"]));
    }

    [Fact]
    public void Without_an_SDK_it_says_what_is_needed_though_everything_is_built()
    {
        Built();
        Assert.Equal((1, "workbook: the .NET SDK 10 or newer is needed: https://dotnet.microsoft.com/download (here: no dotnet)\n"),
            Run(_folder["checkout/workbook"], null, "doctor"));
    }

    [Fact]
    public void An_older_SDK_is_named()
    {
        var old = Dotnet("[ \"$1\" = --list-sdks ] && echo '8.0.100 [/x]' || exit 145");
        var (code, output) = Run(_folder["checkout/workbook"], old, "doctor");
        Assert.Equal((1, true), (code, output.EndsWith("(here: 8.0.100)\n", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("echo 'x.csproj : error NU1301: Unable to load the service index [/a/x.csproj]'",
        "NU1301: Unable to load the service index; packages come from there: check the network, or the proxy")]
    [InlineData("echo \"error : Access to the path '/p' is denied.\"", "NUGET_PACKAGES names NuGet's folder")]
    [InlineData("true", "it ended without a word; is the disk full?")]
    public void A_build_that_fails_is_one_line_with_its_reason(string says, string reason)
    {
        var (code, output) = Run(_folder["checkout/workbook"], Dotnet($"[ \"$1\" = --version ] || {{ {says}; exit 1; }}"), "doctor");
        Assert.Equal(1, code);
        Assert.Contains(reason, output);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Where_nothing_can_be_written_it_says_so()
    {
        _folder.Write("checkout/.workbook", "a file where the folder would be");
        Assert.Equal((1, $"workbook: {_folder["checkout/.workbook"]} cannot be written\n"),
            Run(_folder["checkout/workbook"], Dotnet("true"), "doctor"));
    }

    /// <summary>A program that is newer than its sources.</summary>
    private void Built()
    {
        _folder.Write("checkout/" + Program, "");
        File.SetLastWriteTimeUtc(_folder.Write("checkout/.workbook/built", ""), DateTime.UtcNow.AddMinutes(1));
    }

    /// <summary>A folder with a dotnet that runs a line of shell.</summary>
    private string Dotnet(string line)
    {
        var path = _folder.Write("bin/dotnet", $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return _folder["bin"];
    }

    private (int Code, string Output) Run(string launcher, string? dotnet, params string[] arguments)
    {
        // The system's programs without its dotnet.
        Directory.CreateDirectory(_folder["system"]);
        foreach (var tool in (string[])["dirname", "echo", "readlink", "find", "head", "mkdir", "sed", "cut", "xargs", "mv", "flock"])
            if (Tool.Find(tool) is { } path && !File.Exists(_folder[$"system/{tool}"]))
                File.CreateSymbolicLink(_folder[$"system/{tool}"], path);
        var start = new ProcessStartInfo("/bin/sh", [launcher, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["PATH"] = dotnet is null ? _folder["system"] : $"{dotnet}:{_folder["system"]}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
