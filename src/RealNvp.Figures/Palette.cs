namespace RealNvp.Figures;

/// <summary>Colours that readers with any colour vision can tell apart.</summary>
/// <remarks>Categories: Okabe and Ito, "Color Universal Design", 2008, without black and yellow, which vanish on one of the two
/// backgrounds. Continuous: cividis and viridis, whose lightness rises evenly (Nuñez, Anderton and Renslow, 2018).</remarks>
public static class Palette
{
    /// <summary>Blue: data.</summary>
    public const string Blue = "#0072B2";
    /// <summary>Orange: samples of a model.</summary>
    public const string Orange = "#E69F00";
    /// <summary>Green.</summary>
    public const string Green = "#009E73";
    /// <summary>Vermilion.</summary>
    public const string Vermilion = "#D55E00";
    /// <summary>Purple.</summary>
    public const string Purple = "#CC79A7";
    /// <summary>Sky blue.</summary>
    public const string Sky = "#56B4E9";
    /// <summary>Grey: what stands behind.</summary>
    public const string Grey = "#8A8F98";

    /// <summary>The categories in the order in which series take them.</summary>
    public static IReadOnlyList<string> Categories { get; } = [Blue, Orange, Green, Vermilion, Purple, Sky, Grey];

    /// <summary>The colour of series number <paramref name="index"/>; after the last colour the first follows again.</summary>
    public static string Category(int index) => Categories[index % Categories.Count];

    // Eleven stops each are enough: between them plotly.js interpolates linearly.
    internal static readonly object[] Viridis = Stops(
        "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21908d", "#22a884", "#42be71", "#7ad151", "#bddf26", "#fde725");

    internal static readonly object[] Cividis = Stops(
        "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#f0da4c", "#fee838");

    // Blue through a pale middle to vermilion: sign by hue, size by darkness.
    internal static readonly object[] Diverging = Stops(
        "#003b66", "#005a94", "#2f86bd", "#7fb4d8", "#c5dcec", "#f4f3f0", "#f7d6bb", "#efa977", "#dd7a35", "#b85000", "#7a3300");

    // Its upper half.
    internal static readonly object[] FromZero = Stops("#f4f3f0", "#f7d6bb", "#efa977", "#dd7a35", "#b85000", "#7a3300");

    private static object[] Stops(params string[] colours) =>
        [.. colours.Select((colour, i) => new object[] { Math.Round(i / (colours.Length - 1.0), 3), colour })];
}
