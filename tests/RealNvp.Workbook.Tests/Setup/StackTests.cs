using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class StackTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_choice_is_remembered()
    {
        var repository = new Repository(_folder.Path);
        Assert.Null(Stack.Load(repository));
        var chosen = new Stack(Stack.Local, "the packages do not restore <here & now>", "/opt/torch/share/cmake");
        chosen.Save(repository);
        Assert.Equal(chosen, Stack.Load(repository));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Project><PropertyGroup>")]
    [InlineData("<Project><PropertyGroup><WorkbookStack>other</WorkbookStack></PropertyGroup></Project>")]
    public void A_broken_choice_counts_as_none(string text)
    {
        _folder.Write(".workbook/stack.props", text);
        Assert.Null(Stack.Load(new Repository(_folder.Path)));
    }

    [Fact]
    public void The_program_knows_what_it_was_built_with() => Assert.Contains(Stack.BuiltWith, new[] { Stack.NuGet, Stack.Local });
}
