using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters;

/// <summary>A statement that was run and did not hold; the message has both sides.</summary>
public sealed class CheckFailedException(string message) : Exception(message);

/// <summary>
/// Checks that print both sides of what they compare, and throw where they differ: how a chapter shows that a claim holds.
/// </summary>
public static class Check
{
    /// <summary>|left - right| &lt;= tolerance.</summary>
    /// <exception cref="CheckFailedException">They differ by more, or one of them is not a number.</exception>
    public static void Close(string what, double left, double right, double tolerance)
    {
        var difference = Math.Abs(left - right);
        // Written so that NaN fails.
        Report(difference <= tolerance, $"{what}: {Text(left)} = {Text(right)}",
            $"difference {difference:g2}, allowed {tolerance:g2}");
    }

    /// <summary>max|left - right| &lt;= tolerance over tensors of one shape; the first entries of both are printed.</summary>
    /// <exception cref="CheckFailedException">The shapes differ, or an entry does by more than the tolerance, or is not a
    /// number.</exception>
    public static void Close(string what, Tensor left, Tensor right, double tolerance)
    {
        using var scope = NewDisposeScope();
        if (!left.shape.SequenceEqual(right.shape))
            Report(false, what, $"the shapes differ: [{string.Join(", ", left.shape)}] and [{string.Join(", ", right.shape)}]");
        var difference = left.numel() == 0 ? 0 : (left.detach() - right.detach()).abs().max().ToDouble();
        Report(difference <= tolerance, $"{what}: {Head(left)} = {Head(right)}",
            $"largest difference {difference:g2}, allowed {tolerance:g2}");
    }

    /// <summary>left &gt; right.</summary>
    /// <exception cref="CheckFailedException">It is not, or one of them is not a number.</exception>
    public static void Greater(string what, double left, double right) =>
        Report(left > right, $"{what}: {Text(left)} > {Text(right)}", $"by {left - right:g3}");

    /// <summary>A statement without two sides; the detail says what was seen.</summary>
    /// <exception cref="CheckFailedException">It does not hold.</exception>
    public static void That(string what, bool holds, string detail) => Report(holds, what, detail);

    private static void Report(bool holds, string statement, string detail)
    {
        if (!holds) throw new CheckFailedException($"does not hold: {statement}  ({detail})");
        Console.WriteLine($"✓ {statement}  ({detail})");
    }

    private static string Text(double value) => value.ToString("g6", CultureInfo.InvariantCulture);

    private static string Head(Tensor t)
    {
        const int Shown = 3;
        using var flat = t.detach().cpu().to(ScalarType.Float64).reshape(-1);
        var values = flat.data<double>().ToArray();
        var head = string.Join(", ", values.Take(Shown).Select(Text));
        return values.Length == 1 ? head : $"[{head}{(values.Length > Shown ? ", ..." : "")}]";
    }
}
