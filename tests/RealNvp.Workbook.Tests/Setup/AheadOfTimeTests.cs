using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class AheadOfTimeTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Machine_code_is_told_from_IL()
    {
        Assert.True(AheadOfTime.IsCompiled(typeof(object).Assembly.Location));
        Assert.False(AheadOfTime.IsCompiled(typeof(AheadOfTimeTests).Assembly.Location));
    }

    [SkippableFact]
    public void What_was_compiled_ahead_is_what_this_program_runs_on()
    {
        var program = Path.Combine(Repository.Find().Root, "src/RealNvp.Workbook/bin/Release/net10.0");
        var version = AheadOfTime.VersionIn(program);
        Skip.If(version is null || !File.Exists(Path.Combine(AheadOfTime.FolderOf(Repository.Find(), version), "Microsoft.CodeAnalysis.CSharp.dll")),
            "the C# compiler was not compiled ahead of time here (./workbook setup)");
        Assert.True(AheadOfTime.IsCompiled(Path.Combine(program, "Microsoft.CodeAnalysis.CSharp.dll")));
        Assert.True(AheadOfTime.IsCompiled(Path.Combine(program, "Microsoft.CodeAnalysis.dll")));
    }

    [Fact]
    public void A_machine_that_could_not_do_it_is_left_in_peace()
    {
        var program = Path.GetDirectoryName(_folder.Write("program/RealNvp.Workbook.deps.json", """{"libraries": {"Microsoft.CodeAnalysis.CSharp/1.2.3": {}, "Microsoft.CodeAnalysis.CSharp.Scripting/1.2.3": {}}}"""))!;
        Assert.Equal("1.2.3", AheadOfTime.VersionIn(program));
        Directory.CreateDirectory(AheadOfTime.FolderOf(new Repository(_folder.Path), "1.2.3"));
        Assert.False(AheadOfTime.Prepare(new Repository(_folder.Path), program, again: false, line => Assert.Fail(line)));
        Assert.False(AheadOfTime.Prepare(new Repository(_folder.Path), _folder.Path, again: true, line => Assert.Fail(line)));
    }
}
