namespace RealNvp.Chapters;

/// <summary>Says of a reader's answer whether it is right; never throws, so that a chapter runs on to its end.</summary>
public static class Exercise
{
    /// <summary>
    /// Prints one line: not filled in yet, right, or not right with a hint. <paramref name="wrong"/> returns what is wrong with
    /// the answer, or null where nothing is; it is asked only where an answer is <paramref name="given"/>, and what it throws is
    /// said as a hint too.
    /// </summary>
    public static void Check(string number, bool given, Func<string?> wrong) => Say(number, given ? Verdict(wrong) : null);

    /// <summary>
    /// The same for an answer that is a function: <paramref name="answer"/> calls it, null stands for not filled in, and what it
    /// throws is said as a hint.
    /// </summary>
    public static void Check<T>(string number, Func<T?> answer, Func<T, string?> wrong)
        where T : class => Say(number, Called(answer, out var failure) is { } value ? Verdict(() => wrong(value)) : failure);

    /// <inheritdoc cref="Check{T}(string, Func{T}, Func{T, string})"/>
    public static void Check<T>(string number, Func<T?> answer, Func<T, string?> wrong)
        where T : struct => Say(number, Called(answer, out var failure) is { } value ? Verdict(() => wrong(value)) : failure);

    private static T? Called<T>(Func<T?> answer, out string? failure)
    {
        failure = null;
        try
        {
            return answer();
        }
        catch (Exception e)
        {
            failure = $"✗ not right: your function threw {e.GetType().Name}: {e.Message}";
            return default;
        }
    }

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

    private static void Say(string number, string? verdict) =>
        Console.WriteLine($"exercise {number}: {verdict ?? "not filled in yet"}");
}
