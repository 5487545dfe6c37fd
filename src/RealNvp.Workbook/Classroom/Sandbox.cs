using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// The enclosure that a submission runs in, by bubblewrap: a file system that holds the system's programs, this program, the
/// workbook's data and one small folder to write to, and nothing else; no network; its own processes only; as a user without
/// rights. Where the grader is root, that is a user number of its own for each job, so that no job can touch another's processes.
/// </summary>
internal sealed partial class Sandbox(Repository repository, GradingLimits limits)
{
    /// <summary>The folder of the notebook, inside.</summary>
    internal const string Folder = "/submission";

    private const int FirstUser = 61_000;
    private static readonly string[] WritablePlaces = ["/dev/shm", "/tmp"];
    private static readonly string[] SystemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"];
    private static readonly string[] SystemFiles =
        ["/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ssl/certs", "/etc/localtime",
        "/etc/timezone", "/etc/dotnet", "/etc/OpenCL"];

    /// <summary>Why submissions can't be enclosed on this machine, or null where they can.</summary>
    internal static string? Problem(Repository repository)
    {
        if (!OperatingSystem.IsLinux())
            return "grading runs students' code, and encloses it with bubblewrap, which wants Linux; this is "
                + $"{RuntimeInformation.OSDescription}";
        if (Missing().ToList() is { Count: > 0 } missing)
            return $"grading runs students' code, and encloses it with bubblewrap. Missing: {string.Join(", ", missing)}; on "
                + "Debian and Ubuntu: apt-get install bubblewrap util-linux mount";
        var filter = CallFilter.Program() is null ? null : Path.GetTempFileName();
        try
        {
            if (filter is not null) File.WriteAllBytes(filter, CallFilter.Program()!);
            var words = new Sandbox(repository, new GradingLimits()).Words(Path.GetTempPath(), 0, filter, null);
            var (code, errors) = Tool.Capture(words[0], [.. words.Skip(1), "/usr/bin/env", "true"], TimeSpan.FromSeconds(20));
            return code == 0 ? null
                : "grading runs students' code, and encloses it with bubblewrap, which does not work here: "
                + $"{errors.Trim()} (in a container it needs the right to create namespaces)";
        }
        finally
        {
            if (filter is not null) File.Delete(filter);
        }
    }

    /// <summary>How the process of a job is started.</summary>
    /// <param name="folder">Its notebook's folder is read-only inside.</param>
    /// <param name="job">The job's number, from 0.</param>
    /// <param name="group">Limits the memory of all its processes; null where there can be no such group.</param>
    internal CellLaunch Launch(JobFolder folder, int job, MemoryGroup? group)
    {
        string? filter = null;
        if (CallFilter.Program() is { } program) File.WriteAllBytes(filter = folder.Beside("filter"), program);
        return new CellLaunch
        {
            Enclosure = Words(folder.Path, job, filter, group),
            SpeechLimit = limits.Speech,
            MessageLimit = limits.Message,
        };
    }

    private List<string> Words(string folder, int job, string? filter, MemoryGroup? group)
    {
        List<string> words = [];
        if (group is not null) words.AddRange(["/bin/sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group.Members]);
        if (filter is not null) words.AddRange(["/bin/sh", "-c", "exec \"$@\" 9<\"$0\"", filter]);
        words.Add(Tool.Find("bwrap")!);
        if (filter is not null) words.AddRange(["--seccomp", "9"]);
        // mount wants to be user 0; inside, and without rights, that is a number like any other.
        if (!Environment.IsPrivilegedProcess) words.AddRange(["--unshare-user", "--uid", "0", "--gid", "0"]);
        // To become another user and to limit a file system takes rights that bubblewrap otherwise drops; setpriv gives them up.
        foreach (var right in Environment.IsPrivilegedProcess
            ? (string[])["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_SYS_ADMIN"] : ["CAP_SETPCAP", "CAP_SYS_ADMIN"])
            words.AddRange(["--cap-add", right]);
        words.AddRange(["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--clearenv"]);
        foreach (var path in SystemFolders.Where(Path.Exists)) words.AddRange(Seen(path));
        foreach (var path in SystemFiles.Where(Path.Exists)) words.AddRange([.. Parents(path), "--ro-bind", path, path]);
        words.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        foreach (var place in WritablePlaces)
            words.AddRange(["--perms", "1777", "--size", Number(limits.Files), "--tmpfs", place]);
        foreach (var path in Programs()
            .Where(path => Path.Exists(path)
            && !SystemFolders.Any(system => path.StartsWith(system + "/", StringComparison.Ordinal))).Distinct())
            words.AddRange([.. Parents(path), "--ro-bind", path, path]);
        words.AddRange(["--ro-bind", folder, Folder, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Folder]);
        foreach (var (name, value) in Variables()) words.AddRange(["--setenv", name, value]);
        // bubblewrap limits the bytes of a file system, and not how many files it has.
        words.AddRange(["/bin/sh", "-c", $"for place in {string.Join(' ', WritablePlaces)}; do mount -n -t tmpfs -o "
            + $"remount,nosuid,nodev,size={Number(limits.Files)},nr_inodes={Number(limits.Names)} tmpfs $place || exit 1; done; "
            + "exec \"$@\"", "sh"]);
        words.AddRange([Tool.Find("prlimit")!, $"--nproc={limits.Tasks}", $"--fsize={Number(limits.Files)}", "--core=0",
            "--nofile=1024"]);
        words.Add(Tool.Find("setpriv")!);
        if (Environment.IsPrivilegedProcess)
            words.AddRange(["--reuid", Number(FirstUser + job), "--regid", Number(FirstUser + job), "--clear-groups"]);
        words.AddRange(["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]);
        return words;
    }

    private static IEnumerable<string> Missing() =>
        new[] { "bwrap", "prlimit", "setpriv", "mount" }.Where(tool => Tool.Find(tool) is null);

    /// <summary>A system folder as it is: /bin is a link to /usr/bin on most systems.</summary>
    private static IEnumerable<string> Seen(string path) =>
        new DirectoryInfo(path).LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path];

    /// <summary>bubblewrap makes a missing folder for its maker only; inside, somebody else has to walk through it.</summary>
    private static IEnumerable<string> Parents(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var n = 1; n < parts.Length; n++)
            if (string.Join('/', parts[..n]) is not "tmp" and var parent)
                foreach (var word in new[] { "--perms", "0755", "--dir", "/" + parent })
                    yield return word;
    }

    /// <summary>The runtime, this program, what setup.csx loads, and the data.</summary>
    private IEnumerable<string> Programs()
    {
        yield return Path.GetDirectoryName(new FileInfo(SelfProcess.DotnetPath).ResolveLinkTarget(true)?.FullName
            ?? SelfProcess.DotnetPath)!;
        yield return Path.GetDirectoryName(SelfProcess.AssemblyPath)!;
        if (File.Exists(repository.SetupScript))
            foreach (var folder in Reference().Matches(File.ReadAllText(repository.SetupScript))
                .Select(m => Path.GetDirectoryName(m.Groups[1].Value)!).Distinct())
                yield return folder;
        yield return repository.Data;
        yield return repository.FigureAssets;
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/bin:/bin",
        ["HOME"] = "/tmp",
        ["TMPDIR"] = "/tmp",
        ["LANG"] = "C.UTF-8",
        ["DOTNET_ROOT"] = Path.GetDirectoryName(SelfProcess.DotnetPath)!,
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_EnableDiagnostics"] = "0",
        // The runtime would keep its code in a memory file, which counts as one that the submission writes.
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_GCHeapHardLimit"] = (limits.Memory / 2).ToString("x", CultureInfo.InvariantCulture),
        ["OMP_NUM_THREADS"] = "1",
        ["WORKBOOK_ROOT"] = repository.Root,
        ["WORKBOOK_DATA"] = repository.Data,
        ["WORKBOOK_BUDGET"] = "quick",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^#r \"(/[^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex Reference();
}
