using System.Text.Json;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The kernels that Jupyter finds, and this one among them.</summary>
internal static class KernelSpecs
{
    /// <summary>The name that C# notebooks ask for.</summary>
    public const string StandardName = ".net-csharp";

    /// <summary>The name beside another C# kernel.</summary>
    public const string OwnName = "realnvp-csharp";

    /// <summary>A kernel that Jupyter finds.</summary>
    /// <param name="Name">The name that a notebook's metadata asks for.</param>
    /// <param name="DisplayName">The name in menus.</param>
    /// <param name="Folder">Where its kernel.json lies.</param>
    /// <param name="IsOurs">It starts this program, of this or another checkout.</param>
    public sealed record Entry(string Name, string DisplayName, string Folder, bool IsOurs);

    /// <summary>
    /// Registers this program as a kernel: as `.net-csharp`, or under its own name where another such kernel is installed.
    /// </summary>
    /// <param name="prefix">An installation prefix; null for the user's own folder.</param>
    /// <param name="name">A name to use instead.</param>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public static Entry Install(string? prefix = null, string? name = null)
    {
        name ??= List(prefix).Any(entry => entry.Name == StandardName && !entry.IsOurs) ? OwnName : StandardName;
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            || name is "." or "..")
            throw new UserException($"a kernel's name has letters, digits, '.', '-' and '_', '{name}' has others");
        var folder = Path.Combine(DataFolder(prefix), "kernels", name);
        var display = name == StandardName ? ".NET (C#)" : ".NET (C#), RealNvp";
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, "kernel.json"),
                stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(Specification(display),
                new JsonSerializerOptions { WriteIndented = true })));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{folder}: the kernel cannot be registered there: {e.Message}", e);
        }
        return new Entry(name, display, folder, IsOurs: true);
    }

    /// <summary>Takes every registration of this program away that the user's folder or the prefix has.</summary>
    public static IReadOnlyList<Entry> Uninstall(string? prefix = null)
    {
        var kernels = Path.Combine(DataFolder(prefix), "kernels");
        var removed = Read(kernels).Where(entry => entry.IsOurs).ToList();
        foreach (var entry in removed) Directory.Delete(entry.Folder, recursive: true);
        return removed;
    }

    /// <summary>Every kernel that Jupyter finds; of two with one name the first one counts.</summary>
    public static IReadOnlyList<Entry> List(string? prefix = null) =>
        [.. DataFolders(prefix).SelectMany(folder => Read(Path.Combine(folder, "kernels"))).DistinctBy(entry => entry.Name)];

    private static JsonObject Specification(string displayName) => new()
    {
        ["argv"] = new JsonArray(SelfProcess.DotnetPath, SelfProcess.AssemblyPath, JupyterKernel.Command, "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["env"] = new JsonObject
        {
            [SelfProcess.Diagnostics] = "0",
            [SelfProcess.Profiling] = "0",
            ["OMP_WAIT_POLICY"] = "passive"
        },
        ["metadata"] = new JsonObject { ["debugger"] = false },
    };

    private static IEnumerable<Entry> Read(string kernels)
    {
        if (!Directory.Exists(kernels)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(kernels).Order(StringComparer.Ordinal))
        {
            var file = Path.Combine(folder, "kernel.json");
            if (!File.Exists(file)) continue;
            JsonNode? json;
            try
            {
                json = JsonNode.Parse(File.ReadAllText(file));
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                continue;
            }
            var ours = json?["argv"] is JsonArray arguments && arguments.Any(a => a?.ToString() == JupyterKernel.Command);
            yield return new Entry(Path.GetFileName(folder), json?["display_name"]?.ToString() ?? "", folder, ours);
        }
    }

    private static string DataFolder(string? prefix)
    {
        if (prefix is not null) return Path.GetFullPath(Path.Combine(prefix, "share", "jupyter"));
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } given) return given;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        var share = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data
            ? data : Path.Combine(home, ".local", "share");
        return Path.Combine(share, "jupyter");
    }

    private static IEnumerable<string> DataFolders(string? prefix) =>
    [
        .. (Environment.GetEnvironmentVariable("JUPYTER_PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        DataFolder(prefix), DataFolder(null), "/usr/local/share/jupyter", "/usr/share/jupyter",
    ];
}
