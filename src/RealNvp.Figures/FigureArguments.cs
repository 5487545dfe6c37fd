namespace RealNvp.Figures;

/// <summary>What a figure must not be without.</summary>
internal static class FigureArguments
{
    public static string Label(string text, string what) =>
        string.IsNullOrWhiteSpace(text)
        ? throw new ArgumentException($"{what} is blank. Say what is drawn, with its unit: \"waiting time [min]\".") : text;

    public static T[] Some<T>(T[] items, string what)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Length > 0 ? items : throw new ArgumentException($"Expected at least one {what}; given none.");
    }
}
