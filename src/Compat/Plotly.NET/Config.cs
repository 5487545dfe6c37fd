namespace Plotly.NET;

/// <summary>How plotly.js shows a chart: mode bar, responsiveness, scrolling.</summary>
public class Config : DynamicObj.DynamicObj
{
    /// <summary>Merges <paramref name="second"/> into <paramref name="first"/>; lists of mode bar buttons are joined.</summary>
    public static Config combine(Config first, Config second) => Combining.Merge(
        first, second, ["modeBarButtonsToRemove", "modeBarButtonsToAdd", "modeBarButtons"]);
}
