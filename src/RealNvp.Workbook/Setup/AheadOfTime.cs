using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Setup;

/// <summary>
/// The C# compiler as machine code. Its package has it as IL, and half the time until a kernel answers its first cell goes into
/// compiling the compiler. Where the SDK's ahead-of-time compiler can be fetched it is compiled once and put into the built
/// program; Directory.Build.props sees to it that later builds keep it.
/// </summary>
internal static class AheadOfTime
{
    private const string Package = "Microsoft.CodeAnalysis.CSharp";
    private static readonly string[] Files = ["Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Compiles it, unless that is done. A machine where it does not work goes without.</summary>
    /// <param name="repository">The checkout; the files go into .workbook/ahead/, this kind of machine's name, the package's
    /// version.</param>
    /// <param name="program">The folder of the built program.</param>
    /// <param name="report">Receives a line for each step that does something.</param>
    public static void Prepare(Repository repository, string program, Action<string> report)
    {
        if (!IsMissing(repository, program) || VersionIn(program) is not { } version) return;
        var folder = FolderOf(repository, version);
        report("compiling the C# compiler to machine code, once, so that notebooks start in half the time ...");
        var published = Publish(repository, version);
        if (published is null)
        {
            report("... which did not work here: notebooks start a second later");
            return;
        }
        Directory.CreateDirectory(folder);
        foreach (var file in Files)
        {
            File.Move(Path.Combine(published, file), Path.Combine(folder, file), overwrite: true);
            Exchange(Path.Combine(folder, file), Path.Combine(program, file));
        }
    }

    /// <summary>
    /// Puts a file where another is that this process may have loaded: that one keeps its content, under a name that is no
    /// library's.
    /// </summary>
    private static void Exchange(string file, string place)
    {
        var temporary = $"{place}.{Guid.NewGuid():N}.tmp";
        File.Copy(file, temporary);
        File.Move(place, place + ".il", overwrite: true);
        File.Move(temporary, place);
    }

    /// <summary>Whether it is not done yet.</summary>
    public static bool IsMissing(Repository repository, string program) =>
        VersionIn(program) is { } version && !Files.All(file => File.Exists(Path.Combine(FolderOf(repository, version), file)));

    /// <summary>Whether an assembly has machine code beside its IL.</summary>
    public static bool IsCompiled(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>Machine code is for one kind of machine, and for one version of the package that it stands in for.</summary>
    internal static string FolderOf(Repository repository, string version) =>
        Path.Combine(repository.StateFolder, "ahead", RuntimeInformation.RuntimeIdentifier, version);

    /// <summary>The version of the compiler's package that a program was built with, or null.</summary>
    internal static string? VersionIn(string program)
    {
        var file = Path.Combine(program, "RealNvp.Workbook.deps.json");
        return File.Exists(file) && JsonNode.Parse(File.ReadAllText(file))?["libraries"] is JsonObject libraries
            ? libraries.Select(library => library.Key.Split('/')).FirstOrDefault(name => name[0] == Package)?[1]
            : null;
    }

    private static string? Publish(Repository repository, string version)
    {
        var folder = Path.Combine(repository.Artifacts, "ahead");
        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, "ahead.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <PublishReadyToRun>true</PublishReadyToRun>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Package}" VersionOverride="{version}" />
              </ItemGroup>
            </Project>
            """);
        var output = Path.Combine(folder, "out");
        var (code, _) = Tool.Capture("dotnet", ["publish", project, "-c", "Release", "-o", output, "--nologo", "-v:quiet"],
            Limit);
        return code == 0 && Files.All(file => File.Exists(Path.Combine(output, file)) && IsCompiled(Path.Combine(output, file)))
            ? output : null;
    }
}
