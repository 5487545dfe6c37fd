using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Tests.Classroom;

public sealed class GradeBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string BookPath => _folder["gradebook.db"];

    private static GradingResult Attempt(string student, double? points, string hash = "h") =>
        new(student, hash, null, [new Score("q", points, 4, "a <b>message</b>"), new Score("words", null, 2, "my words")],
        ["note one", "note\ntwo"], 1.5);

    [Fact]
    public void The_newest_attempt_counts_and_the_older_ones_stay()
    {
        var book = GradeBook.Open(BookPath);
        book.Add("1-a", Attempt("ada", 1));
        book.Add("1-a", Attempt("ada", 3, "h2"));
        book.Add("2-b", Attempt("ada", 4));
        var grades = Assert.Single(GradeBook.Open(BookPath).Newest("1-a"));
        Assert.Equal((3.0, 6.0, 2), (grades.Points, grades.Most, grades.Attempts));
        Assert.Equal(["note one", "note two"], grades.Notes);
        Assert.Equal(["1-a", "2-b"], book.Assignments());
    }

    [Fact]
    public void A_teachers_points_count_for_every_later_attempt_too()
    {
        var book = GradeBook.Open(BookPath);
        book.Add("1-a", Attempt("ada", 1));
        book.Give("1-a", "ada", "words", 2, "well said");
        book.Give("1-a", "ada", "words", 1.5, "on second thought");
        book.Add("1-a", Attempt("ada", 4));
        var grades = Assert.Single(book.Newest("1-a"));
        Assert.Equal(5.5, grades.Points);
        Assert.Equal("on second thought", grades.Questions[1].Comment);
        Assert.Contains("0 to 2 points", Assert.Throws<UserException>(() => book.Give("1-a", "ada", "words", 3, null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no question x", Assert.Throws<UserException>(() => book.Give("1-a", "ada", "x", 1, null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no graded submission", Assert.Throws<UserException>(() => book.Give("1-a", "bob", "q", 1, null))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_graders_at_once_lose_nothing()
    {
        const int Each = 25;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(g => Task.Run(() =>
        {
            var book = GradeBook.Open(BookPath);
            for (var i = 0; i < Each; i++) book.Add("1-a", Attempt($"s{i:00}", g, $"{g}"));
        })));
        var all = GradeBook.Open(BookPath).Newest("1-a");
        Assert.Equal(Each, all.Count);
        Assert.All(all, g => Assert.Equal(4, g.Attempts));
    }

    [Fact]
    public void The_same_hand_in_is_collected_once()
    {
        var book = GradeBook.Open(BookPath);
        Assert.True(book.Collect("1-a", "ada", "h"));
        Assert.False(book.Collect("1-a", "ada", "h"));
        Assert.True(book.Collect("1-a", "ada", "h2"));
    }

    [Fact]
    public void A_file_that_is_no_grade_book_is_left_as_it_is()
    {
        File.WriteAllText(BookPath, new string('x', 5000));
        Assert.Contains("expected a grade book", Assert.Throws<UserException>(() => GradeBook.Open(BookPath)).Message,
            StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(BookPath));
    }

    [Fact]
    public void Feedback_shows_what_was_missed_and_lets_nobody_write_html()
    {
        var book = GradeBook.Open(BookPath);
        book.Add("1-a", Attempt("ada", 1));
        book.Give("1-a", "ada", "q", 2, "<script>");
        Feedback.Write(_folder["feedback"], "1-a", book.Newest("1-a"));
        var page = File.ReadAllText(_folder["feedback/ada/1-a.html"]);
        Assert.Contains("2 of 6 points", page, StringComparison.Ordinal);
        Assert.Contains("a &lt;b&gt;message&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("my words", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_csv_that_a_spreadsheet_does_not_run()
    {
        var book = GradeBook.Open(BookPath);
        book.Add("1-a", Attempt("+ada", 1) with { Stopped = "=cmd(\"a\", 1)" });
        var writer = new StringWriter();
        GradeTable.Write(writer, "1-a", book.Newest("1-a"));
        var lines = writer.ToString().Split("\r\n");
        Assert.Equal("student,assignment,graded,attempts,points,most,q,words,stopped", lines[0]);
        Assert.StartsWith("'+ada,1-a,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",1,1,6,1,,\"'=cmd(\"\"a\"\", 1)\"", lines[1], StringComparison.Ordinal);
    }
}
