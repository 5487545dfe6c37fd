using RealNvp.Flows.Numerics;

namespace RealNvp.Flows.Tests.Numerics;

public class ExerciseTests
{
    [Fact]
    public void AnAnswerThatIsNotGivenIsNotAsked() =>
        Assert.Equal("exercise 1: not filled in yet", Said("1", given: false, () => throw new InvalidOperationException("asked")));

    [Fact]
    public void NothingWrongIsRight() => Assert.Equal("exercise 2: ✓ right!", Said("2", given: true, () => null));

    [Fact]
    public void WhatIsWrongIsSaid() => Assert.Equal("exercise 3: ✗ not right: the sign", Said("3", given: true, () => "the sign"));

    [Fact]
    public void AnAnswerThatThrowsDoesNotStopTheChapter() =>
        Assert.Equal("exercise 4: ✗ not right: checking it failed with ArgumentException: shape [3]",
            Said("4", given: true, () => throw new ArgumentException("shape [3]")));

    private static string Said(string number, bool given, Func<string?> wrong)
    {
        var (standard, written) = (Console.Out, new StringWriter());
        Console.SetOut(written);
        try
        {
            Exercise.Check(number, given, wrong);
        }
        finally
        {
            Console.SetOut(standard);
        }

        // Tests that run beside this one may print, too.
        return written.ToString().Split(Environment.NewLine).Single(line => line.StartsWith($"exercise {number}:", StringComparison.Ordinal));
    }
}
