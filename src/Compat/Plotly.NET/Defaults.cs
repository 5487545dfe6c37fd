namespace Plotly.NET;

/// <summary>What charts made with <c>useDefaults</c> start from.</summary>
public static class Defaults
{
    /// <summary>Width in pixels.</summary>
    public static int DefaultWidth { get; set; } = 600;

    /// <summary>Height in pixels.</summary>
    public static int DefaultHeight { get; set; } = 600;

    /// <summary>A chart that follows the width of its place.</summary>
    public static Config DefaultConfig { get; set; } = ResponsiveConfig();

    /// <summary>A titled page that loads plotly.js from plotly's server.</summary>
    public static DisplayOptions DefaultDisplayOptions { get; set; } = TitledPage();

    /// <summary>Back to the initial values.</summary>
    public static void reset()
    {
        (DefaultWidth, DefaultHeight) = (600, 600);
        DefaultConfig = ResponsiveConfig();
        DefaultDisplayOptions = DisplayOptions.initCDNOnly();
    }

    private static Config ResponsiveConfig()
    {
        Config config = new();
        config.SetProperty("responsive", true);
        return config;
    }

    private static DisplayOptions TitledPage()
    {
        DisplayOptions options = DisplayOptions.initCDNOnly();
        options.SetProperty("DocumentTitle", "Plotly.NET Datavisualization");
        options.SetProperty("DocumentDescription", "A plotly.js graph generated with Plotly.NET");
        options.SetProperty("DocumentCharset", "UTF-8");
        return options;
    }
}
