using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests;

/// <summary>
/// The two development containers, held to the rules of the published devcontainer schema and to what this workbook needs of
/// them.
/// </summary>
public sealed class DevcontainerTests : IDisposable
{
    private const string CliVersion = "0.89.0";

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The schema's properties of a container that is made of an image, with the JSON that each takes.</summary>
    private static readonly Dictionary<string, JsonValueKind[]> Properties = new(StringComparer.Ordinal)
    {
        ["$schema"] = [JsonValueKind.String],
        ["name"] = [JsonValueKind.String],
        ["image"] = [JsonValueKind.String],
        ["features"] = [JsonValueKind.Object],
        ["overrideFeatureInstallOrder"] = [JsonValueKind.Array],
        ["secrets"] = [JsonValueKind.Object],
        ["forwardPorts"] = [JsonValueKind.Array],
        ["portsAttributes"] = [JsonValueKind.Object],
        ["otherPortsAttributes"] = [JsonValueKind.Object],
        ["updateRemoteUserUID"] = [JsonValueKind.True, JsonValueKind.False],
        ["containerEnv"] = [JsonValueKind.Object],
        ["containerUser"] = [JsonValueKind.String],
        ["mounts"] = [JsonValueKind.Array],
        ["init"] = [JsonValueKind.True, JsonValueKind.False],
        ["privileged"] = [JsonValueKind.True, JsonValueKind.False],
        ["capAdd"] = [JsonValueKind.Array],
        ["securityOpt"] = [JsonValueKind.Array],
        ["remoteEnv"] = [JsonValueKind.Object],
        ["remoteUser"] = [JsonValueKind.String],
        ["runArgs"] = [JsonValueKind.Array],
        ["workspaceFolder"] = [JsonValueKind.String],
        ["workspaceMount"] = [JsonValueKind.String],
        ["shutdownAction"] = [JsonValueKind.String],
        ["overrideCommand"] = [JsonValueKind.True, JsonValueKind.False],
        ["waitFor"] = [JsonValueKind.String],
        ["userEnvProbe"] = [JsonValueKind.String],
        ["hostRequirements"] = [JsonValueKind.Object],
        ["customizations"] = [JsonValueKind.Object],
        ["initializeCommand"] = Command,
        ["onCreateCommand"] = Command,
        ["updateContentCommand"] = Command,
        ["postCreateCommand"] = Command,
        ["postStartCommand"] = Command,
        ["postAttachCommand"] = Command,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static JsonValueKind[] Command => [JsonValueKind.String, JsonValueKind.Array, JsonValueKind.Object];

    private static string PathOf(string place) => Path.Combine(Repository.Find().Root, place);

    private static JsonObject Read(string place) =>
        JsonNode.Parse(File.ReadAllText(PathOf(place)), null, WithComments)!.AsObject();

    [Theory]
    [InlineData(".devcontainer/devcontainer.json")]
    [InlineData(".devcontainer/gpu/devcontainer.json")]
    public void It_follows_the_schema_and_sets_the_workbook_up(string place)
    {
        var container = Read(place);
        foreach (var (name, value) in container)
        {
            Assert.True(Properties.TryGetValue(name, out var kinds), $"{name} is no property of the schema");
            Assert.True(kinds.Contains(value!.GetValueKind()),
                $"{name} takes {string.Join(" or ", kinds)}, not {value.GetValueKind()}");
        }
        Assert.Matches(@"^[a-z0-9./-]+:\d+\.\d+[\w.-]*$", (string)container["image"]!);
        foreach (var (feature, options) in container["features"]!.AsObject())
        {
            Assert.Matches(@"^[a-z0-9.-]+(/[a-z0-9-]+){2,}:\d+(\.\d+){0,2}$", feature);
            Assert.All(options!.AsObject(),
                option => Assert.Contains(option.Value!.GetValueKind(),
                new[] { JsonValueKind.String, JsonValueKind.True, JsonValueKind.False }));
        }
        Assert.All(container["containerEnv"]?.AsObject() ?? [], variable =>
            Assert.Equal(JsonValueKind.String, variable.Value!.GetValueKind()));
        var host = container["hostRequirements"]!.AsObject();
        Assert.Empty(host.Select(one => one.Key).Except(["cpus", "memory", "storage", "gpu"]));
        Assert.True((int)host["cpus"]! >= 1);
        Assert.Matches(@"^\d+([tgmk]b)?$", (string)host["memory"]!);
        Assert.Equal("./workbook setup", (string)container["postCreateCommand"]!);
        Assert.Equal("./workbook kernel install", (string)container["postStartCommand"]!);
        var extensions = container["customizations"]!["vscode"]!["extensions"]!.AsArray().Select(one => (string)one!).ToList();
        Assert.Contains("ms-toolsai.jupyter", extensions);
        Assert.Contains("ms-dotnettools.csharp", extensions);
    }

    [Fact]
    public void The_containers_sdk_is_the_one_that_the_repository_asks_for()
    {
        var asked = (string)JsonNode.Parse(File.ReadAllText(PathOf("global.json")), null, WithComments)!["sdk"]!["version"]!;
        var major = asked.Split('.')[0];
        foreach (var place in new[] { ".devcontainer/devcontainer.json", ".devcontainer/gpu/devcontainer.json" })
            Assert.Matches($@"dotnet/sdk:{major}\.", (string)Read(place)["image"]!);
    }

    [Theory]
    [InlineData(".devcontainer/devcontainer.json")]
    [InlineData(".devcontainer/gpu/devcontainer.json")]
    public void It_runs_on_a_processor_that_TorchSharp_has_a_library_for(string place) =>
        Assert.Contains("--platform=linux/amd64", Read(place)["runArgs"]!.AsArray().Select(one => (string)one!));

    [Fact]
    public void The_gpu_container_asks_for_a_gpu_and_gets_it()
    {
        var container = Read(".devcontainer/gpu/devcontainer.json");
        Assert.True((bool)container["hostRequirements"]!["gpu"]!);
        Assert.Contains("--gpus=all", container["runArgs"]!.AsArray().Select(one => (string)one!));
        Assert.Equal("cuda", (string)container["containerEnv"]!["Accelerator"]!);
    }

    [Theory]
    [InlineData(".devcontainer/devcontainer.json")]
    [InlineData(".devcontainer/gpu/devcontainer.json")]
    public async Task The_devcontainer_program_reads_it(string place)
    {
        var npm = Tool.Find("npm");
        Assert.SkipWhen(npm is null, "needs npm, to fetch the devcontainer program");
        var tools = PathOf("artifacts/tools");
        var program = Path.Combine(tools, "node_modules", ".bin", "devcontainer");
        if (!File.Exists(program))
            Tool.Capture(npm!, ["install", "--prefix", tools, "--no-save", "--no-audit", "--no-fund",
                $"@devcontainers/cli@{CliVersion}"], TimeSpan.FromMinutes(2));
        Assert.SkipUnless(File.Exists(program),
            "needs the devcontainer program (npm package @devcontainers/cli), which could not be fetched");

        // The program asks docker for a container that runs already; there is none, with docker or without.
        var docker = _folder.Write("docker", "#!/bin/sh\nexit 0\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var process = Process.Start(new ProcessStartInfo(program,
            ["read-configuration", "--workspace-folder", Repository.Find().Root, "--config", PathOf(place), "--docker-path",
            docker])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal((string)Read(place)["image"]!, (string)JsonNode.Parse(output)!["configuration"]!["image"]!);
        Assert.DoesNotMatch(new Regex("deprecat|unknown|invalid", RegexOptions.IgnoreCase), await error);
    }
}
