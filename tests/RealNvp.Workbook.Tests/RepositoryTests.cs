namespace RealNvp.Workbook.Tests;

public sealed class RepositoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Repository _repository;

    public RepositoryTests()
    {
        foreach (var name in new[] { "08-real-nvp", "05-jacobians", "07-nice", "07-coupling" })
            _folder.Write($"notebooks/{name}.ipynb", "{}");
        _repository = new Repository(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("08")]
    [InlineData("8")]
    [InlineData("08-real-nvp")]
    [InlineData("08-real")]
    public void A_word_names_a_chapter(string word) =>
        Assert.Equal(["08-real-nvp.ipynb"], _repository.Resolve([word]).Select(Path.GetFileName));

    [Fact]
    public void No_words_are_all_chapters_in_reading_order() =>
        Assert.Equal(["05", "07", "07", "08"], _repository.Resolve([]).Select(p => Path.GetFileName(p)[..2]));

    [Fact]
    public void No_words_include_the_solutions_after_the_chapters()
    {
        var solution = _folder.Write("notebooks/solutions/08-real-nvp.ipynb", "{}");
        Assert.Equal(solution, _repository.Resolve([])[^1]);
        Assert.Single(_repository.Resolve(["08"]));
    }

    [Theory]
    [InlineData("solutions/8")]
    [InlineData("solutions/08-real-nvp")]
    public void Solutions_are_named_as_a_run_prints_them(string word)
    {
        var solution = _folder.Write("notebooks/solutions/08-real-nvp.ipynb", "{}");
        Assert.Equal([solution], _repository.Resolve([word]));
        Assert.Contains("no solutions of \"05\"; there are: 08-real-nvp",
            Assert.Throws<UserException>(() => _repository.Resolve(["solutions/05"])).Message);
    }

    [Theory]
    [InlineData("notebooks/08-real-nvp.ipynb", "08-real-nvp.ipynb")]
    [InlineData("notebooks/solutions/08-real-nvp.ipynb", "solutions/08-real-nvp.ipynb")]
    public void An_executed_copy_stays_inside_the_output_folder(string notebook, string copy) =>
        Assert.Equal(Path.Combine(_repository.Executed, copy),
        _repository.ExecutedCopy(Path.GetFullPath(Path.Combine(_folder.Path, notebook))));

    [Fact]
    public void Notebooks_of_one_name_from_elsewhere_have_copies_of_their_own()
    {
        string[] notebooks = ["a/08-real-nvp.ipynb", "b/08-real-nvp.ipynb", "../08-real-nvp.ipynb", "notebooks/08-real-nvp.ipynb"];
        var copies = notebooks.Select(name => _repository.ExecutedCopy(_folder[name])).ToList();
        Assert.Equal(4, copies.Distinct().Count());
        Assert.All(copies, copy => Assert.Equal("08-real-nvp.ipynb", Path.GetFileName(copy)));
        Assert.All(copies, copy => Assert.StartsWith(_repository.Executed + Path.DirectorySeparatorChar, copy));
        Assert.Equal(copies[0], _repository.ExecutedCopy(_folder["a/08-real-nvp.ipynb"]));
    }

    [Fact]
    public void A_path_names_itself()
    {
        var elsewhere = _folder.Write("elsewhere/mine.ipynb", "{}");
        Assert.Equal([elsewhere], _repository.Resolve([elsewhere]));
    }

    [Fact]
    public void An_unknown_chapter_is_answered_with_those_that_exist()
    {
        var e = Assert.Throws<UserException>(() => _repository.Resolve(["99"]));
        Assert.Contains("99", e.Message);
        Assert.Contains("08-real-nvp", e.Message);
    }

    [Fact]
    public void A_word_for_several_chapters_is_refused() =>
        Assert.Contains("several", Assert.Throws<UserException>(() => _repository.Resolve(["7"])).Message);

    [Fact]
    public void A_path_to_nothing_is_refused() =>
        Assert.Contains("no notebook", Assert.Throws<UserException>(() => _repository.Resolve(["nowhere/x.ipynb"])).Message);
}
