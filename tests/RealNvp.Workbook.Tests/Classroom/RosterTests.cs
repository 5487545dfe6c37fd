using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>What lies in a folder of submissions: whose each is, and which notebook of several.</summary>
public sealed class RosterTests : IDisposable
{
    private readonly Course _course = new();

    public void Dispose() => _course.Dispose();

    private Roster Found() => Roster.In(_course["inbox"], _course.Assignment);

    private void Put(string place, string? text = null) => _course.Write("inbox/" + place, text ?? _course.Notebook());

    private Submission One(string student) => Assert.Single(Found().Submissions, s => s.Student == student);

    private static string? Reason(Submission submission) => submission.Read(new GradingLimits().Notebook).Reason;

    [Theory]
    [InlineData("ada/1-small.ipynb", false)]
    [InlineData("ada/1-small/1-small.ipynb", false)]
    [InlineData("ada/1-small (1).ipynb", true)]
    [InlineData("ada/1-small-1.ipynb", true)]
    [InlineData("ada/1-small.IPYNB", true)]
    [InlineData("ada/1-Small copy.ipynb", true)]
    [InlineData("ada/my homework.ipynb", true)]
    [InlineData("ada/handed in/1-small.ipynb", true)]
    [InlineData("ada/a/b/Untitled.ipynb", true)]
    [InlineData("ada.ipynb", false)]
    [InlineData("ada.IPYNB", false)]
    public void A_notebook_is_found_by_its_cells(string place, bool isSaid)
    {
        Put(place);
        var found = One("ada");
        Assert.Null(Reason(found));
        Assert.Equal(_course["inbox/" + place], found.Path);
        Assert.Equal(isSaid ? 1 : 0, found.Notes.Count);
        Assert.All(found.Notes, note => Assert.StartsWith("the notebook was handed in as", note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Jane Doe", "Jane Doe")]
    [InlineData("Jane\u00a0 Doe ", "Jane Doe")]
    [InlineData("Zoe\u0308 Müller", "Zoe\u0308 Müller")]
    [InlineData("O'Neill, Éamon (12345)", "O'Neill, Éamon (12345)")]
    [InlineData("Иванов", "Иванов")]
    [InlineData("doe_jane@uni.edu", "doe_jane@uni.edu")]
    public void Names_are_as_people_write_them(string folder, string name)
    {
        Put($"{folder}/1-small.ipynb");
        Assert.Null(Reason(One(name)));
    }

    [Fact]
    public void What_is_odd_is_named_and_costs_nobody_else()
    {
        Put("ada.ipynb");
        Put("=cmd/1-small.ipynb");
        Put("1-small (2).ipynb");
        Put("essay.docx");
        Put("ben.zip");
        Put(".hidden/1-small.ipynb");
        if (!OperatingSystem.IsWindows()) Put("\u001b[2Jmallory/1-small.ipynb");
        Put("cleo/.ipynb_checkpoints/1-small.ipynb");
        var roster = Found();
        Assert.Equal(["ada", "cleo"], roster.Submissions.Select(s => s.Student));
        Assert.Equal("nothing was handed in", Reason(roster.Submissions[1]));
        Assert.Equal(OperatingSystem.IsWindows() ? 3 : 4, roster.Odd.Count);
        Assert.Contains(roster.Odd, o => o.StartsWith("ben.zip: left out; unpack", StringComparison.Ordinal));
        Assert.Contains(roster.Odd, o =>
            o.StartsWith("1-small (2).ipynb: left out; this is the assignment's name", StringComparison.Ordinal));
        Assert.All(roster.Odd, o => Assert.DoesNotContain(o, char.IsControl));
    }

    [Fact]
    public void Of_several_the_usual_one_counts_else_the_newest_and_it_is_said()
    {
        Put("ada/1-small.ipynb");
        Put("ada/1-small (1).ipynb");
        Put("ada/notes.ipynb", NotebookOf("1"));
        var usual = One("ada");
        Assert.Equal(_course["inbox/ada/1-small.ipynb"], usual.Path);
        Assert.Equal(["1-small (1).ipynb: handed in too and not graded; 1-small.ipynb was"], usual.Notes);

        Put("ben/old.ipynb");
        Put("ben/new.ipynb");
        Put("ben/other.ipynb", NotebookOf("1"));
        File.SetLastWriteTimeUtc(_course["inbox/ben/old.ipynb"], DateTime.UtcNow.AddDays(-1));
        Assert.Equal(_course["inbox/ben/new.ipynb"], One("ben").Path);
    }

    [Fact]
    public void One_student_twice_is_not_ours_to_choose()
    {
        Put("ada.ipynb");
        Put("ada/1-small.ipynb");
        Put("ben/1-small.ipynb");
        Assert.Contains("handed in twice", Reason(One("ada")), StringComparison.Ordinal);
        Assert.Null(Reason(One("ben")));
    }

    [Theory]
    [InlineData("other.ipynb", "1")]
    [InlineData("1-small (3).ipynb", "1")]
    public async Task What_has_no_cell_of_the_assignment_says_so(string name, string code)
    {
        Put($"ada/{name}", NotebookOf(code));
        var graded = await _course.GradeAsync(One("ada"));
        Assert.Equal(0, graded.Points);
        Assert.Contains("none of its cells is of the assignment 1-small", graded.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_plain_files_below_the_folder_are_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there, and pipes have no names in folders");
        Put("ada/1-small/1-small.ipynb");
        var adas = _course["inbox/ada"];
        Directory.CreateSymbolicLink(_course["inbox/ben"], adas);
        Directory.CreateDirectory(_course["inbox/cleo"]);
        Directory.CreateSymbolicLink(_course["inbox/cleo/1-small"], Path.Combine(adas, "1-small"));
        Directory.CreateDirectory(_course["inbox/dora"]);
        File.CreateSymbolicLink(_course["inbox/dora/1-small.ipynb"], Path.Combine(adas, "1-small", "1-small.ipynb"));
        File.CreateSymbolicLink(_course["inbox/eve.ipynb"], Path.Combine(adas, "1-small", "1-small.ipynb"));
        foreach (var pipe in new[] { "inbox/finn.ipynb", "inbox/gil/1-small.ipynb" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_course[pipe])!);
            Assert.Equal(0, Tool.Capture("mkfifo", [_course[pipe]], TimeSpan.FromSeconds(10)).ExitCode);
        }
        Directory.CreateDirectory(_course["inbox/hal/1-small.ipynb"]);
        foreach (var student in new[] { "ben", "cleo", "dora", "eve" })
            Assert.Contains("a link", Reason(One(student)), StringComparison.Ordinal);
        foreach (var student in new[] { "finn", "gil" })
            Assert.Contains($"{Path.GetFileName(One(student).Path)} is a pipe, not a plain file", Reason(One(student)),
                StringComparison.Ordinal);
        Assert.Contains("a folder", Reason(One("hal")), StringComparison.Ordinal);
        Assert.Null(Reason(One("ada")));
    }

    private static string NotebookOf(string code) => Execution.NotebookText.Of(code);
}
