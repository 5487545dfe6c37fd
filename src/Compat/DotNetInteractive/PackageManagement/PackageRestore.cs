using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive.PackageManagement;

/// <summary>Restores packages with the .NET SDK, in a project of its own in the temporary folder, which is gone after each restore.</summary>
internal sealed class PackageRestore(bool force)
{
    private readonly Dictionary<string, PackageReference> _requested = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _resolvedVersions = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _sources = [];

    internal void AddSource(string source) => _sources.Add(source);

    /// <summary>Adds a package and gives back every package that is new with it.</summary>
    internal async Task<IReadOnlyList<ResolvedPackageReference>> AddAsync(PackageReference reference, CancellationToken cancellationToken)
    {
        if (_resolvedVersions.TryGetValue(reference.PackageName, out var version))
        {
            if (!reference.IsPackageVersionSpecified || reference.PackageVersion == version) return [];
            throw new DirectiveException($"{reference.PackageName} {version} is loaded already; another version ({reference.PackageVersion}) needs a restart");
        }
        _requested[reference.PackageName] = reference;
        var project = Directory.CreateTempSubdirectory("cells-packages-");
        List<ResolvedPackageReference> all;
        try
        {
            await RestoreAsync(reference, project.FullName, cancellationToken).ConfigureAwait(false);
            all = ReadAssets(project.FullName);
        }
        catch
        {
            _requested.Remove(reference.PackageName);
            throw;
        }
        finally
        {
            project.Delete(recursive: true);
        }
        var added = all.Where(package => _resolvedVersions.TryAdd(package.PackageName, package.PackageVersion)).ToList();
        foreach (var folder in added.SelectMany(package => package.ProbingPaths)) HostAssemblies.Probe(folder);
        return added;
    }

    private async Task RestoreAsync(PackageReference reference, string folder, CancellationToken cancellationToken)
    {
        var project = Path.Combine(folder, "packages.csproj");
        await File.WriteAllTextAsync(project, ProjectText(), cancellationToken).ConfigureAwait(false);
        // Without these two a props file of whatever folder lies above would be read.
        foreach (var name in (string[])["Directory.Build.props", "Directory.Packages.props"])
            await File.WriteAllTextAsync(Path.Combine(folder, name), "<Project />", cancellationToken).ConfigureAwait(false);
        var start = new ProcessStartInfo("dotnet", ["restore", project, "--nologo", "-v", "q", .. force ? ["--force"] : Array.Empty<string>()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // What dotnet leaves in the temporary folder goes with the project; NuGet's locks stay where every process looks for them.
        start.Environment["TMPDIR"] = folder;
        start.Environment.TryAdd("NUGET_SCRATCH", Path.Combine(Path.GetTempPath(), "NuGetScratch" + Environment.UserName));
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0)
            throw new DirectiveException($"the package {reference} cannot be restored: {Reason(await output.ConfigureAwait(false) + await errors.ConfigureAwait(false))}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DirectiveException("packages are restored by the .NET SDK, and there is no dotnet command here", e);
        }
    }

    private static string Reason(string output)
    {
        var line = output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim() ?? output.Trim();
        var at = line.IndexOf("error ", StringComparison.Ordinal);
        var end = line.LastIndexOf(" [", StringComparison.Ordinal);
        return line[Math.Max(at, 0)..(end > at ? end : line.Length)];
    }

    private string ProjectText() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net{Environment.Version.Major}.{Environment.Version.Minor}</TargetFramework>
            <RuntimeIdentifiers>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifiers>
            <NuGetAudit>false</NuGetAudit>
            {(_sources.Count == 0 ? "" : $"<RestoreAdditionalProjectSources>{Escape(string.Join(';', _sources))}</RestoreAdditionalProjectSources>")}
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", _requested.Values.Select(r => $"<PackageReference Include=\"{Escape(r.PackageName)}\" Version=\"{Escape(r.IsPackageVersionSpecified ? r.PackageVersion : "*")}\" />"))}
          </ItemGroup>
        </Project>
        """;

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);

    /// <summary>The files of each package, as the restore wrote them down.</summary>
    private static List<ResolvedPackageReference> ReadAssets(string projectFolder)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(projectFolder, "obj", "project.assets.json")));
        var root = assets.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var targets = root.GetProperty("targets").EnumerateObject().ToList();
        var target = targets.FirstOrDefault(t => t.Name.EndsWith("/" + RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal));
        if (target.Value.ValueKind == JsonValueKind.Undefined) target = targets[0];
        var packages = new List<ResolvedPackageReference>();
        foreach (var library in target.Value.EnumerateObject())
        {
            var slash = library.Name.IndexOf('/');
            var path = root.GetProperty("libraries").GetProperty(library.Name).TryGetProperty("path", out var p) ? p.GetString()! : library.Name.ToLowerInvariant();
            var folder = folders.Select(f => Path.Combine(f, path)).FirstOrDefault(Directory.Exists);
            if (folder is null) continue;
            var native = Files(library.Value, "native", folder).Select(file => Path.GetDirectoryName(file)!).Distinct().ToList();
            packages.Add(new ResolvedPackageReference(library.Name[..slash], library.Name[(slash + 1)..],
                Files(library.Value, "runtime", folder).Where(file => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).ToList(), folder, native));
        }
        return packages;
    }

    private static IEnumerable<string> Files(JsonElement library, string kind, string folder) =>
        library.TryGetProperty(kind, out var files)
            ? files.EnumerateObject().Select(file => Path.Combine(folder, file.Name)).Where(File.Exists)
            : [];
}
