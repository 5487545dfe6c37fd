using System.Runtime.CompilerServices;

namespace RealNvp.Flows;

/// <summary>Checks of the numbers that constructors take: a sentence that names the argument.</summary>
internal static class Arguments
{
    /// <summary>A number above 0 that is finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    internal static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is a positive, finite number.");

    /// <summary>A number that is finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    internal static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is a finite number that is not negative.");

    /// <summary>A whole number from 1 up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    internal static int AtLeastOne(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 1.");

    /// <summary>A whole number from two up: one alone is nothing that could be ordered, shared out or correlated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    internal static int AtLeastTwo(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 2 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 2.");

    /// <summary>A whole number from 1 up, or none.</summary>
    internal static void AtLeastOne(long? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 1) throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 1, or null.");
    }

    /// <summary>Widths of hidden layers, each at least 1; there may be no layers.</summary>
    /// <exception cref="ArgumentException">A width is below 1.</exception>
    internal static IReadOnlyList<int> Widths(IReadOnlyList<int> hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return hidden.All(width => width >= 1) ? hidden : throw new ArgumentException(
            $"Hidden layers are at least 1 wide, but were given [{string.Join(", ", hidden)}].", nameof(hidden));
    }

    /// <summary>The shape [d] of a map's events.</summary>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1.</exception>
    internal static long[] Vector(string receiver, int d) => d >= 1 ? [d] : throw new ArgumentOutOfRangeException(nameof(d), d,
        $"{receiver} works on vectors of at least one feature.");

    /// <summary>The shape [C, H, W] of a map's events.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    internal static long[] Image(long channels, long height, long width)
    {
        AtLeastOne(channels);
        AtLeastOne(height);
        AtLeastOne(width);
        return [channels, height, width];
    }
}
