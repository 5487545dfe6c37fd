namespace RealNvp.Flows.Numerics;

/// <summary>Says of a reader's answer whether it is right; never throws, so that a chapter runs on to its end.</summary>
public static class Exercise
{
    /// <summary>
    /// Prints one line: not filled in yet, right, or not right with a hint. <paramref name="wrong"/> returns what is wrong with the answer,
    /// or null where nothing is; it is asked only where an answer is <paramref name="given"/>, and what it throws is said as a hint too.
    /// </summary>
    public static void Check(string number, bool given, Func<string?> wrong) =>
        Console.WriteLine($"exercise {number}: {(given ? Verdict(wrong) : "not filled in yet")}");

    private static string Verdict(Func<string?> wrong)
    {
        try
        {
            return wrong() is { } hint ? $"✗ not right: {hint}" : "✓ right!";
        }
        catch (Exception e)
        {
            return $"✗ not right: checking it failed with {e.GetType().Name}: {e.Message}";
        }
    }
}
