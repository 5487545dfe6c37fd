using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class AheadOfTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Machine_code_is_told_from_IL()
    {
        Assert.True(AheadOfTime.IsCompiled(typeof(object).Assembly.Location));
        Assert.False(AheadOfTime.IsCompiled(typeof(AheadOfTimeTests).Assembly.Location));
    }

    [Fact]
    public void What_was_compiled_ahead_is_what_this_program_runs_on()
    {
        var program = Path.Combine(Repository.Find().Root, "src/RealNvp.Workbook/bin/Release/net10.0");
        var version = AheadOfTime.VersionIn(program);
        Assert.SkipWhen(version is null
            || !File.Exists(Path.Combine(AheadOfTime.FolderOf(Repository.Find(), version), "Microsoft.CodeAnalysis.CSharp.dll")),
            "the C# compiler was not compiled ahead of time here (./workbook setup)");
        Assert.True(AheadOfTime.IsCompiled(Path.Combine(program, "Microsoft.CodeAnalysis.CSharp.dll")));
        Assert.True(AheadOfTime.IsCompiled(Path.Combine(program, "Microsoft.CodeAnalysis.dll")));
    }

    [Fact]
    public void What_is_compiled_already_or_is_no_program_is_left_in_peace()
    {
        var program = Path.GetDirectoryName(_folder.Write("program/RealNvp.Workbook.deps.json", """{"libraries": {"Microsoft.CodeAnalysis.CSharp/1.2.3": {}, "Microsoft.CodeAnalysis.CSharp.Scripting/1.2.3": {}}}"""))!;
        Assert.Equal("1.2.3", AheadOfTime.VersionIn(program));
        foreach (var name in new[] { "Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll" })
            _folder.Write(Path.GetRelativePath(_folder.Path,
                Path.Combine(AheadOfTime.FolderOf(new Repository(_folder.Path), "1.2.3"), name)), "");
        AheadOfTime.Prepare(new Repository(_folder.Path), program, line => Assert.Fail(line));
        AheadOfTime.Prepare(new Repository(_folder.Path), _folder.Path, line => Assert.Fail(line));
    }
}
