using System.Text.RegularExpressions;
using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>
/// Submissions that attack the grader: each must end as its own result, with a reason, and bring nothing that it did not earn.
/// </summary>
public sealed partial class HostileTests : IDisposable
{
    private static readonly GradingLimits Tight = new()
    {
        Cell = TimeSpan.FromSeconds(40),
        Submission = TimeSpan.FromSeconds(200),
        Memory = 1L << 30,
        Files = 16L << 20,
        Tasks = 200,
        Speech = 8L << 20,
        Names = 500,
        Message = 2 << 20,
    };

    /// <summary>Where it is not time that ends it: the machine may be busy.</summary>
    private static readonly GradingLimits Patient =
        Tight with { Cell = TimeSpan.FromMinutes(3), Submission = TimeSpan.FromMinutes(8) };

    private readonly Course _course = new();

    public HostileTests()
    {
        if (Sandbox.Problem(_course.Repository) is { } problem) Assert.Skip(problem);
    }

    public void Dispose() => _course.Dispose();

    // The attack runs where the answer should be computed: in the middle of a test.
    private Task<GradingResult> AttackAsync(string code, GradingLimits? limits = null) =>
        _course.GradeAsync(_course.Answer("mallory",
            Course.Right.Replace("    return x * Math.Exp(s);", code + "\n    return x;", StringComparison.Ordinal)),
            limits ?? Patient);

    [Fact]
    public async Task An_endless_loop_is_stopped()
    {
        var attempt = await AttackAsync("while (true) { }", Tight);
        Assert.Equal(0, attempt.Scores[0].Points);
        Assert.Contains("longer than its limit", attempt.Scores[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_loop_that_will_not_stop_is_ended()
    {
        var attempt = await AttackAsync(
            "var t = new System.Threading.Thread(() => { while (true) { } }); t.Start(); while (true) { try { t.Join(); } "
            + "catch { } }", Tight);
        Assert.Equal(0, attempt.Scores[0].Points);
        Assert.Contains("longer than its limit", attempt.Scores[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var all = new List<byte[]>(); while (true) { var b = new byte[1 << 22]; Array.Fill(b, (byte)1); all.Add(b); }")]
    [InlineData("while (true) { var p = System.Runtime.InteropServices.Marshal.AllocHGlobal(1 << 22); for (var i = 0; i < 1 << "
        + "22; i += 4096) System.Runtime.InteropServices.Marshal.WriteByte(p, i, 1); }")]
    public async Task Endless_memory_ends(string code)
    {
        var attempt = await AttackAsync(code);
        Assert.Equal(0, attempt.Scores[0].Points);
        Assert.True(attempt.Stopped is not null || attempt.Scores[0].Message!.Contains("OutOfMemory", StringComparison.Ordinal),
            attempt.Scores[0].Message);
    }

    [Fact]
    public async Task Processes_are_counted()
    {
        var attempt = await AttackAsync(
            "var n = 0; try { for (; n < 400; n++) System.Diagnostics.Process.Start(\"sleep\", \"1000\"); } catch { } throw "
            + "new Exception($\"started {n}\");");
        Assert.Equal(0, attempt.Scores[0].Points);
        var started = Started().Match(attempt.Scores[0].Message!);
        Assert.True(!started.Success || int.Parse(started.Groups[1].Value, null) < 200, attempt.Scores[0].Message);
        Assert.Equal(0, Sleepers());
    }

    [Fact]
    public async Task A_large_file_can_not_be_written()
    {
        var attempt = await AttackAsync("""
            var written = 0L;
            var b = new byte[1 << 20];
            try { for (var f = 0; f < 64; f++) { using var s = System.IO.File.Create($"/tmp/f{f}"); for (var i = 0; i < 8; i++) { s.Write(b); s.Flush(true); written += b.Length; } } } catch (Exception) { }
            throw new Exception($"wrote {written >> 20} MB");
            """);
        Assert.Equal(0, attempt.Scores[0].Points);
        var wrote = Wrote().Match(attempt.Scores[0].Message!);
        Assert.True(!wrote.Success || int.Parse(wrote.Groups[1].Value, null) <= 16, attempt.Scores[0].Message);
    }

    [Fact]
    public async Task Nothing_of_the_course_can_be_read_or_written()
    {
        using var book = new TemporaryFolder();
        GradeBook.Open(book["gradebook.db"]).Collect("1-small", "ada", "x");
        var others = _course.Answer("ada", Course.Right).Path;
        var attempt = await AttackAsync($$"""
            var seen = new List<string>();
            foreach (var path in new[] { {{Quoted(others)}}, {{Quoted(_course.Assignment.Notebook.Path)}}, {{Quoted(book["gradebook.db"])}}, "/etc/shadow", "/proc/1/environ" })
                try { seen.Add(path + ": " + System.IO.File.ReadAllText(path)[..20]); } catch (Exception) { }
            foreach (var path in new[] { {{Quoted(book["gradebook.db"])}}, "/usr/bin/x", "/submission/setup.csx", "/etc/x", {{Quoted(AppContext.BaseDirectory + "x")}} })
                try { System.IO.File.WriteAllText(path, "x"); seen.Add(path); } catch (Exception) { }
            throw new Exception("saw: " + string.Join("; ", seen));
            """);
        Assert.EndsWith("saw: ", attempt.Scores[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_network()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var attempt = await AttackAsync(
            $"new System.Net.Sockets.TcpClient().Connect(\"127.0.0.1\", {port}); throw new Exception(\"connected\");");
        Assert.Contains("SocketException", attempt.Scores[0].Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("Environment.Exit(0);", "ended by itself: exit code 0")]
    [InlineData("Environment.FailFast(\"\");", "ended by itself")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "ended by itself")]
    public async Task Leaving_early_is_no_success(string code, string reason)
    {
        var attempt = await AttackAsync(code);
        Assert.Contains(reason, attempt.Stopped, StringComparison.Ordinal);
        Assert.Equal(0, attempt.Points);
    }

    [Theory]
    [InlineData("var line = new string('a', 1 << 20); while (true) Console.WriteLine(line);")]
    [InlineData("var b = new byte[1 << 20]; using var o = Console.OpenStandardError(); while (true) o.Write(b);")]
    public async Task Output_without_end_ends(string code)
    {
        var attempt = await AttackAsync(code);
        Assert.Equal(0, attempt.Scores[0].Points);
        Assert.Matches("wrote more than it may|longer than its limit|process ended", attempt.Scores[0].Message!);
    }

    /// <summary>What a notebook could redefine is not what the tests use: they run elsewhere.</summary>
    [Fact]
    public async Task A_redefined_checker_changes_nothing()
    {
        var attempt = await _course.GradeAsync(_course.Answer("mallory", """
            class Exception : System.Exception { public Exception(string m) { } }
            class Math { public const double E = 0; public static double Exp(double s) => 0; }
            bool allclose(Tensor a, Tensor b) => true;
            Tensor Scale(Tensor x, double s) { System.Console.WriteLine("2 of 2 points"); return x; }
            (Tensor Z, Tensor LogDet) Couple(Tensor x, double s) => (x, x.sum(1));
            """), Tight);
        Assert.Equal([0, 0], attempt.Scores.Take(2).Select(s => s.Points!.Value));
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static int Sleepers() => Directory.EnumerateDirectories("/proc").Count(p =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(p, "cmdline")) == "sleep\01000\0";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    [GeneratedRegex(@"started (\d+)")]
    private static partial Regex Started();

    [GeneratedRegex(@"wrote (\d+) MB")]
    private static partial Regex Wrote();
}
