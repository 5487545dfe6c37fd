namespace RealNvp.Chapters.Tests;

public class ExerciseTests
{
    [Fact]
    public void AnAnswerThatIsNotGivenIsNotAsked() =>
        Assert.Equal("exercise 1: not filled in yet",
        Said("1", given: false, () => throw new InvalidOperationException("asked")));

    [Fact]
    public void NothingWrongIsRight() => Assert.Equal("exercise 2: ✓ right!", Said("2", given: true, () => null));

    [Fact]
    public void WhatIsWrongIsSaid() =>
        Assert.Equal("exercise 3: ✗ not right: the sign", Said("3", given: true, () => "the sign"));

    [Fact]
    public void AnAnswerThatThrowsDoesNotStopTheChapter() =>
        Assert.Equal("exercise 4: ✗ not right: checking it failed with ArgumentException: shape [3]",
            Said("4", given: true, () => throw new ArgumentException("shape [3]")));

    [Fact]
    public void AFunctionIsCalledAndItsAnswerJudged()
    {
        string? wrong(double v) => v == 2 ? null : $"{v} is not 2";
        Assert.Equal("exercise 5: ✓ right!", Said("5", () => Exercise.Check("5", () => (double?)2, wrong)));
        Assert.Equal("exercise 6: ✗ not right: 3 is not 2", Said("6", () => Exercise.Check("6", () => (double?)3, wrong)));
        Assert.Equal("exercise 7: not filled in yet", Said("7", () => Exercise.Check("7", () => (double?)null, wrong)));
        Assert.Equal("exercise 8: not filled in yet", Said("8", () => Exercise.Check("8", () => (string?)null, _ => "asked")));
    }

    [Fact]
    public void AFunctionThatThrowsDoesNotStopTheChapter() =>
        Assert.Equal("exercise 9: ✗ not right: your function threw ArgumentException: shape [3]",
            Said("9", () => Exercise.Check("9", string? () => throw new ArgumentException("shape [3]"), _ => null)));

    private static string Said(string number, bool given, Func<string?> wrong) =>
        Said(number, () => Exercise.Check(number, given, wrong));

    private static string Said(string number, Action check)
    {
        var (standard, written) = (Console.Out, new StringWriter());
        Console.SetOut(written);
        try
        {
            check();
        }
        finally
        {
            Console.SetOut(standard);
        }

        // Tests that run beside this one may print, too.
        return written.ToString().Split(Environment.NewLine)
            .Single(line => line.StartsWith($"exercise {number}:", StringComparison.Ordinal));
    }
}
