using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace DotNetInteractive.Tests;

public sealed class DirectiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("directives-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public async Task Who_tells_of_the_variables()
    {
        using var cells = new Cells();
        await cells.RunAsync("var first = 1; var second = \"two\";");
        Assert.Equal("first\nsecond\n", (await cells.RunAsync("#!who")).Output);
        Assert.Contains("<td>second</td><td>String</td><td>two</td>", (await cells.RunAsync("#!whos")).Shown[0].FormattedValues.First().Value);
    }

    [Fact]
    public async Task A_host_adds_directives_of_its_own()
    {
        using var cells = new Cells();
        var seen = new List<string>();
        cells.Kernel.AddDirective(new KernelActionDirective("#!note") { Description = "Takes note" }, (_, context) =>
        {
            seen.Add("before");
            context.OnComplete(_ => seen.Add("after"));
            return Task.CompletedTask;
        });
        Assert.Equal("3", await cells.ResultAsync("#!note\n1 + 2"));
        Assert.Equal(["before", "after"], seen);
        var listed = Assert.Single(cells.Kernel.KernelInfo.SupportedDirectives, d => d.Name == "#!note");
        Assert.Equal("Takes note", listed.Description);
    }

    [Fact]
    public async Task What_follows_the_html_kernels_name_is_shown_as_html()
    {
        using var cells = new Cells();
        var shown = Assert.Single((await cells.RunAsync("#!html\n<b>1</b>")).Shown).FormattedValues.Single();
        Assert.Equal(("text/html", "<b>1</b>"), (shown.MimeType, shown.Value.Trim()));
    }

    [Fact]
    public async Task Every_kind_of_file_is_imported()
    {
        using var cells = new Cells();
        var cs = Write("a.cs", "class FromCs { public int N => 1; }");
        var dib = Write("b.dib", "#!markdown\n# text\n\n#!csharp\n\nvar fromDib = new FromCs().N + 1;\n");
        var notebook = Write("c.ipynb", """{"cells": [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "source": ["var fromNotebook =\n", " fromDib + 1;"]}], "nbformat": 4}""");
        var csx = Write("d.csx", $"#!import \"{cs}\"\n#!import \"{dib}\"\n#!import \"c.ipynb\"\n");
        await cells.ResultAsync($"#!import \"{csx}\"");
        Assert.Equal("3", await cells.ResultAsync("fromNotebook"));
        Assert.True(File.Exists(notebook));
    }

    [Fact]
    public async Task An_error_in_an_imported_file_names_file_and_line()
    {
        using var cells = new Cells();
        var bad = Write("bad.csx", "var a = 1;\nvar b = a + nowhere;\n");
        Assert.StartsWith("bad.csx(2,13): error CS0103", (await cells.RunAsync($"#!import \"{bad}\"\nvar after = 1;")).Error);
        Assert.Contains("CS0103", (await cells.RunAsync("after")).Error);
    }

    [Theory]
    [InlineData("var n = 1;\n#!nothing", "(2,1): error: there is no directive #!nothing here")]
    [InlineData("#!import \"missing.csx\"", "(1,1): error: #!import: there is no file ")]
    [InlineData("#!import", "(1,1): error: #!import expects a file")]
    [InlineData("#r \"missing.dll\"", "error CS0006")]
    public async Task A_directive_that_cannot_be_followed_says_why(string code, string error)
    {
        using var cells = new Cells();
        Assert.Contains(error, (await cells.RunAsync(code)).Error);
    }

    [Fact]
    public async Task Line_numbers_stay_the_cells_behind_a_directive()
    {
        using var cells = new Cells();
        var run = await cells.RunAsync("#!who\nvar a = 1;\nthrow new Exception(\"here\");");
        Assert.EndsWith("at cell [1], line 3", run.Error);
    }

    [Fact]
    public async Task A_package_is_restored_and_its_project_does_not_stay()
    {
        string[] Projects() => Directory.GetDirectories(Path.GetTempPath(), "cells-packages-*");
        var before = Projects();
        using var cells = new Cells();
        cells.CSharp.UseNugetDirective((kernel, packages) =>
        {
            kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
            return Task.CompletedTask;
        });
        // A package of this solution's own: it is on the machine already.
        var first = await cells.RunAsync("#r \"nuget:System.Reactive,6.0.1\"\nSystem.Reactive.Linq.Observable.Range(1, 3).GetType().Namespace");
        Assert.Null(first.Error);
        Assert.Contains("Installed package System.Reactive, 6.0.1", first.Shown.SelectMany(shown => shown.FormattedValues).Select(value => value.Value));
        Assert.Contains("needs a restart", (await cells.RunAsync("#r \"nuget:System.Reactive,5.0.0\"")).Error);
        Assert.Empty(Projects().Except(before));
    }
}
