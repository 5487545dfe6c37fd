using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class BuildStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Repository _repository;
    private static readonly DateTime Then = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public BuildStampTests()
    {
        _repository = new Repository(_folder.Path);
        foreach (var name in new[] { "src/A/A.cs", "tests/A.Tests/T.cs", "Directory.Build.props" })
            File.SetLastWriteTimeUtc(_folder.Write(name, ""), Then);
        BuildStamp.Write(_repository, Then.AddHours(1));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Unchanged_sources_are_current() => Assert.True(BuildStamp.IsCurrent(_repository));

    [Theory]
    [InlineData("src/A/A.cs")]
    [InlineData("tests/A.Tests/New.cs")]
    [InlineData("Directory.Build.props")]
    public void A_changed_or_new_source_is_not(string name)
    {
        _folder.Write(name, "changed");
        Assert.False(BuildStamp.IsCurrent(_repository));
    }

    [Fact]
    public void What_a_build_writes_does_not_count()
    {
        _folder.Write("src/A/obj/A.dll", "");
        _folder.Write("src/A/bin/Release/A.dll", "");
        Assert.True(BuildStamp.IsCurrent(_repository));
    }

    [Fact]
    public void Without_a_build_nothing_is_current()
    {
        Directory.Delete(_repository.StateFolder, recursive: true);
        Assert.False(BuildStamp.IsCurrent(_repository));
    }
}
