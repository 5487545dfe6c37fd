using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Packages;

/// <summary>
/// The libraries as packages, in a feed of their own, for users in a home folder with nothing in it. Their NuGet knows no other
/// feed: packages of others it finds where this build has put them.
/// </summary>
public sealed partial class PackageFeed : IAsyncLifetime
{
    internal const string Version = "0.0.1-test";

    private readonly TemporaryFolder _folder = new();

    internal static Repository Repository { get; } = Repository.Find();

    internal static string LibTorch { get; } = $"libtorch-cpu-{(OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    internal string Feed => _folder["feed"];

    /// <summary>A path in a folder of the user's.</summary>
    internal string this[string name] => _folder[$"home/{name}"];

    internal string Write(string name, string text) => _folder.Write($"home/{name}", text);

    public async ValueTask InitializeAsync()
    {
        string[] options = ["--no-build", $"-p:MinVerVersionOverride={Version}", $"-p:Version={Version}"];
        await PackCommand.PackAsync(Repository, Feed, options, TestContext.Current.CancellationToken);
        var said = Tool.Capture("dotnet", ["nuget", "locals", "global-packages", "--list"], TimeSpan.FromMinutes(1)).Output;
        var restored = said[(said.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim();
        _folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{restored}" /></fallbackPackageFolders>
            </configuration>
            """);
        Write("measurements.csv", File.ReadAllText(Path.Combine(Repository.Data, "old-faithful.csv")));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What NuGet, the SDK and .NET Interactive take for the user's own.</summary>
    internal Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = this["."],
        ["USERPROFILE"] = this["."],
        ["DOTNET_CLI_HOME"] = this["."],
        ["XDG_DATA_HOME"] = null,
        ["NUGET_PACKAGES"] = null,
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",   // else a process of the build stays, with its files
        ["UseSharedCompilation"] = "false",
        ["OMP_NUM_THREADS"] = "1",
    };

    /// <summary>Runs dotnet in a folder of the user's, to its end.</summary>
    internal (int Code, string Output) Dotnet(string folder, params string[] arguments) =>
        Tool.Capture("dotnet", arguments, TimeSpan.FromMinutes(10), this[folder], Environment);

    /// <summary>The program of a package's README.</summary>
    internal static string ReadmeProgram(string library) => CSharp()
        .Match(File.ReadAllText(Path.Combine(Repository.Root, "src", library, "README.md"))).Groups[1].Value;

    /// <summary>The version of another package that this repository uses.</summary>
    internal static string VersionOf(string package)
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var version = versions.Descendants("PackageVersion").Single(v => (string?)v.Attribute("Include") == package)
            .Attribute("Version")!.Value;
        return version.StartsWith("$(", StringComparison.Ordinal) ? versions.Descendants(version[2..^1]).Single().Value : version;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
