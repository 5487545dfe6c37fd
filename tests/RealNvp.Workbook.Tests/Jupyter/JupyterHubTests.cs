using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Jupyter;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>
/// docs/jupyterhub as a class meets it: a small checkout, Debian's hub over it, and users of this machine who log in with
/// passwords.
/// </summary>
public sealed class JupyterHubTests : IDisposable
{
    private const string Program = "/usr/bin/jupyterhub", Python = "/usr/bin/python3", Assignment1 = "1-change-of-variables";
    private const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_users_open_an_assignment_run_it_and_save_at_the_same_time()
    {
        Assert.SkipUnless(File.Exists(Program), "needs JupyterHub (Debian: jupyterhub, jupyter-notebook)");
        if (HubUsers.Missing is { } missing) Assert.Skip(missing);
        foreach (var folder in new[] { AppContext.BaseDirectory, Path.GetTempPath() })
            Assert.SkipUnless(OthersCanReach(folder),
                $"needs a build folder and a temporary folder that other users can reach, {folder} is none");
        MakeCheckout();
        using var users = new HubUsers();
        var passwords = new[] { "wbtest-ada", "wbtest-ben", "wbtest-zoe" }.ToDictionary(name =>
            name, name => users.Add(name, _folder[$"home-{name}"], student: !name.EndsWith("zoe", StringComparison.Ordinal)));
        string[] TheTwo(string question) =>
            [question, "wbtest-ada", passwords["wbtest-ada"], "wbtest-ben", passwords["wbtest-ben"]];

        var port = FreePort();
        using (var hub = StartHub(port))
        {
            try
            {
                await UntilItListensAsync(hub, port);
                var (code, output) = await StudentsAsync(port, TheTwo($$"""
                    using System.IO;
                    string Try(string what, Action act) { try { act(); return what; } catch (UnauthorizedAccessException) { return "no " + what; } }
                    string.Join(", ", Environment.UserName,
                        Try("write data", () => File.WriteAllText(@"{{_folder["data/x"]}}", "")), Try("write checkout", () => File.WriteAllText(@"{{_folder["checkout/notebooks/x"]}}", "")),
                        Try("read tests", () => Directory.GetFiles(@"{{_folder["checkout/notebooks/assignments"]}}")),
                        Try("read others", () => Directory.GetFiles(Environment.UserName.EndsWith("ada") ? @"{{_folder["home-wbtest-ben/workbook"]}}" : @"{{_folder["home-wbtest-ada/workbook"]}}")),
                        RealNvp.Chapters.DataFiles.Find("shared.csv"))
                    """));
                Assert.True(code == 0, output);
                var results = JsonNode.Parse(output[output.IndexOf('{')..])!.AsObject();
                Assert.Equal(["wbtest-ada", "wbtest-ben"], results.Select(one => one.Key));
                foreach (var (name, result) in results)
                {
                    Assert.Empty(result!["errors"]!.AsArray());
                    Assert.True((bool)result["saved"]!, $"{name}: what was saved is not what came back");
                    Assert.Equal($"{name}, no write data, no write checkout, no read tests, no read others, "
                        + $"{_folder["data/shared.csv"]}", (string)result["answer"]!);
                    var saved = NotebookFile.Read(_folder[$"home-{name}/workbook/assignments/{Assignment1}.ipynb"]);
                    Assert.Equal((int)result["cells"]!, saved.Cells.Count(cell => cell.IsCode));
                    Assert.True(File.Exists(_folder[$"home-{name}/workbook/00-start-here.ipynb"]));
                }
                (code, output) = await StudentsAsync(port, ["1", "wbtest-zoe", passwords["wbtest-zoe"]]);
                Assert.NotEqual(0, code);
                Assert.Contains("wbtest-zoe is not let in", output);
            }
            finally
            {
                await EndAsync(hub);
            }
        }
        Assert.Empty(users.Processes());
        Assert.Equal(["docs", "notebooks"], Directory.GetDirectories(_folder["checkout"]).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
        Assert.Equal(["00-start-here.ipynb", "setup.csx"], Directory.GetFiles(_folder["checkout/notebooks"])
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_hub_whose_users_could_read_the_hidden_tests_does_not_start()
    {
        Assert.SkipUnless(File.Exists(Program), "needs JupyterHub (Debian: jupyterhub, jupyter-notebook)");
        MakeCheckout();
        Open("checkout/notebooks/assignments");
        var port = FreePort();
        using var hub = StartHub(port);
        try
        {
            var output = hub.StandardError.ReadToEndAsync();
            await hub.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.NotEqual(0, hub.ExitCode);
            Assert.Contains($"chmod -R o-rwx {_folder["checkout/notebooks/assignments"]}", await output);
        }
        finally
        {
            await EndAsync(hub);
        }
    }

    /// <summary>
    /// What the configuration needs of a checkout: itself, setup.csx, a chapter, the assignments' sources; and what lies beside
    /// one.
    /// </summary>
    private void MakeCheckout()
    {
        var repository = Repository.Find();
        foreach (var name in new[] { "jupyterhub_config.py", "student-server" })
            _folder.Write($"checkout/docs/jupyterhub/{name}",
                File.ReadAllText(Path.Combine(repository.Root, "docs", "jupyterhub", name)));
        SetupScript.Write(new Repository(_folder["checkout"]), AppContext.BaseDirectory);
        _folder.Write("checkout/notebooks/00-start-here.ipynb", File.ReadAllText(repository.Chapters()[0]));
        var source = Assignment.Find(repository, Assignment1);
        _folder.Write($"checkout/notebooks/assignments/{Assignment1}.ipynb", File.ReadAllText(source.Notebook.Path));
        _folder.Write($"handout/{Assignment1}.ipynb", source.ToRelease().ToJsonString());
        _folder.Write("answers.json",
            JsonSerializer.Serialize(
            source.Notebook.Cells.Where(cell => cell.IsCode && GradedCell.Of(cell).Role == CellRole.Answer)
            .ToDictionary(cell => cell.Id, cell => cell.Source)));
        _folder.Write("data/shared.csv", "1\n");
        KernelSpecs.Install(_folder["prefix"], "tested-csharp");
        // The test's own: a state of its own in its own folder, free ports, its own group.
        _folder.Write("hub/config.py", $"""
            load_subconfig("{_folder["checkout/docs/jupyterhub/jupyterhub_config.py"]}")
            c.JupyterHub.db_url = "sqlite:///{_folder["hub/hub.sqlite"]}"
            c.JupyterHub.cookie_secret_file = "{_folder["hub/secret"]}"
            c.ConfigurableHTTPProxy.pid_file = "{_folder["hub/proxy.pid"]}"
            c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{FreePort()}"
            c.JupyterHub.hub_port = {FreePort()}
            c.PAMAuthenticator.allowed_groups = {"{"}"{HubUsers.Group}"{"}"}
            c.Spawner.environment["JUPYTER_PATH"] = "{_folder["prefix/share/jupyter"]}"
            c.Spawner.environment["OMP_NUM_THREADS"] = "1"
            """);
        Open("", "checkout", "checkout/docs", "checkout/docs/jupyterhub", "checkout/notebooks", "handout", "data", "prefix");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["checkout/notebooks/assignments"],
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whatever the umask, these can be read by everybody.</summary>
    private void Open(params string[] folders)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var folder in folders) File.SetUnixFileMode(_folder[folder], File.GetUnixFileMode(_folder[folder]) | Everybody);
    }

    private Process StartHub(int port)
    {
        var start = new ProcessStartInfo(Program, ["-f", _folder["hub/config.py"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder["hub"]
        };
        start.Environment["WORKBOOK_HUB"] = $"http://127.0.0.1:{port}";
        start.Environment["WORKBOOK_HANDOUT"] = _folder["handout"];
        start.Environment["WORKBOOK_DATA"] = _folder["data"];
        return Process.Start(start)!;
    }

    private static async Task UntilItListensAsync(Process hub, int port)
    {
        var said = new StringBuilder();
        hub.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        hub.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        hub.BeginOutputReadLine();
        hub.BeginErrorReadLine();
        using var client = new HttpClient();
        for (var tries = 0; tries < 600; tries++)
        {
            if (hub.HasExited) throw new InvalidOperationException($"JupyterHub ended:\n{said}");
            try
            {
                if ((await client.GetAsync($"http://127.0.0.1:{port}/hub/login")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(200);
        }
        throw new TimeoutException($"JupyterHub does not listen:\n{said}");
    }

    private async Task<(int Code, string Output)> StudentsAsync(int port, string[] questionAndUsers)
    {
        using var process = Process.Start(new ProcessStartInfo(Python,
            [Path.Combine(AppContext.BaseDirectory, "Jupyter", "hub.py"), $"http://127.0.0.1:{port}",
            $"workbook/assignments/{Assignment1}.ipynb", "tested-csharp", _folder["answers.json"], .. questionAndUsers])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>As the system's service manager ends it: told to go, it ends its users' servers and its proxy.</summary>
    private static async Task EndAsync(Process hub)
    {
        if (hub.HasExited) return;
        Tool.Capture("kill", ["-TERM", $"{hub.Id}"], TimeSpan.FromSeconds(10));
        try
        {
            await hub.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            hub.Kill(entireProcessTree: true);
            await hub.WaitForExitAsync();
        }
    }

    private static bool OthersCanReach(string folder)
    {
        if (OperatingSystem.IsWindows()) return false;
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if ((at.UnixFileMode & UnixFileMode.OtherExecute) == 0) return false;
        return true;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
