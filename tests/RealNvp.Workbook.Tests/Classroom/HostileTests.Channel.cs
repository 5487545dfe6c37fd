using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>
/// Student code may write what it likes on the channel to the grader: it knows the pipe's number. It can only ever be the answer
/// of its own functions, or the end of its own process.
/// </summary>
public sealed partial class HostileTests
{
    private const string Channel =
        "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern nint write(int fd, byte[] bytes, nint count); "
        + "var pipe = int.Parse(Environment.GetCommandLineArgs()[^1]); void Send(string text) { var all = "
        + "System.Text.Encoding.UTF8.GetBytes(text); for (var at = 0; at < all.Length;) { var n = (int)write(pipe, all[at..], "
        + "all.Length - at); if (n <= 0) throw new Exception(\"not written\"); at += n; } } ";

    private const string Broken = "the notebook's process was ended: it sent something else than a message";

    [Theory]
    [InlineData("{}", Broken)]
    [InlineData("nonsense", Broken)]
    [InlineData("", Broken)]
    [InlineData("null", Broken)]
    [InlineData("""{"type":"unheard-of"}""", Broken)]
    [InlineData("""{"type":"show","Cell":3,"Showing":2,"Data":null,"DisplayId":null}""", Broken)]
    [InlineData("""{"type":"stream"}""", Broken)]
    [InlineData("""{"type":"done","Cell":2,"Failure":{"Kind":null,"Message":null,"Text":null,"Line":1}}""", Broken)]
    [InlineData("""{"type":"extension","Body":[1]}""", null)]
    [InlineData("""{"type":"extension","Body":{"result":5,"call":[]}}""", null)]
    [InlineData("""{"type":"extension","Body":{"result":{"Id":"x"}}}""", null)]
    [InlineData("""{"type":"extension","Body":{"result":{"Id":1,"Value":5,"Changed":null,"Failure":null}}}""", null)]
    [InlineData("""{"type":"extension","Body":{"result":{"Id":1,"Value":5,"Changed":[7,-1],"Failure":null}}}""", null)]
    [InlineData("""{"type":"done","Cell":3,"Failure":null}""", null)]
    [InlineData("""{"type":"show","Cell":3,"Showing":2,"Data":{"text/plain":"100"},"DisplayId":null}""", null)]
    public async Task Forged_messages_bring_no_points_and_cost_nobody_else(string message, string? stopped)
    {
        var attempt = await AttackAsync($"{Channel} Send({Quoted(message)} + \"\\n\");");
        Assert.True(attempt.Scores[0].Points == 0, attempt.Scores[0].Message);
        Assert.DoesNotContain("not written", attempt.Scores[0].Message, StringComparison.Ordinal);
        Assert.Equal(stopped, attempt.Stopped);
        Assert.Equal(stopped is null ? 3 : 0, attempt.Scores[1].Points);
    }

    [Theory]
    [InlineData("Send(new string('x', 50_000_000));", "a message of more than 2 MB|wrote more than it may")]
    [InlineData("Send(\"{\\\"type\\\":\\\"extension\\\",\\\"Body\\\":{\\\"result\\\":{\\\"Id\\\":1,\\\"Changed\\\":[],"
        + "\\\"Failure\\\":null,\\\"Value\\\":\\\"\" + new string('x', 3_000_000) + \"\\\"}}}\\n\");",
        "a message of more than 2 MB")]
    [InlineData("Send(string.Concat(System.Linq.Enumerable.Repeat(\"{\\\"type\\\":\\\"ready\\\"}\\n\", 1_000_000)));",
        "wrote more than it may")]
    public async Task A_reply_is_bounded(string code, string reason)
    {
        var attempt = await AttackAsync(Channel + code);
        Assert.Equal(0, attempt.Points);
        Assert.Matches(reason, attempt.Stopped!);
    }

    [Fact]
    public async Task A_process_that_takes_nothing_is_not_waited_for()
    {
        // SIGSTOP: it neither answers nor reads that it is to stop. The thread that sends it may run on for a moment.
        var attempt = await AttackAsync("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int kill(int id, int "
            + "signal); kill(Environment.ProcessId, 19); System.Threading.Thread.Sleep(-1);", Tight);
        Assert.Equal(0, attempt.Points);
        Assert.Contains("Scale ran longer than its limit of 40 s", attempt.Stopped, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throw new Exception(new string('x', 60_000_000));")]
    [InlineData("Console.Write(new string('y', 1_000_000)); throw new Exception(\"\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m"
        + "\\u202e\" + new string('z', 5000));")]
    public async Task A_message_is_short_and_nothing_in_it_acts_on_a_terminal(string code)
    {
        var attempt = await AttackAsync(code);
        Assert.Equal(0, attempt.Scores[0].Points);
        Assert.All(attempt.Scores.Select(s => s.Message).Concat(attempt.Notes).Append(attempt.Stopped).OfType<string>(), text =>
        {
            Assert.InRange(text.Length, 0, StudentText.Message + 500);
            Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || char.GetUnicodeCategory(c)
                == System.Globalization.UnicodeCategory.Format));
        });
    }
}
