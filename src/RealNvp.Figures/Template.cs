namespace RealNvp.Figures;

/// <summary>
/// The look that every figure shares. Its greys read on white and on black; figures.js then puts the page's own in their place.
/// </summary>
internal static class Template
{
    private const string Text = "#7a8089";
    private const string Line = "rgba(128,136,146,0.6)";
    private const string Grid = "rgba(128,136,146,0.2)";

    public static PlotlyObject Make() => new()
    {
        ["layout"] = new PlotlyObject
        {
            ["font"] = new PlotlyObject
            {
                ["family"] = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
                ["size"] = 13,
                ["color"] = Text
            },
            ["title"] = new PlotlyObject
            {
                ["x"] = 0,
                ["xref"] = "container",
                ["xanchor"] = "left",
                ["y"] = 1,
                ["yref"] = "container",
                ["yanchor"] = "top",
                ["pad"] = new PlotlyObject { ["t"] = 10, ["l"] = 10 },
                ["font"] = new PlotlyObject { ["size"] = 17 },
            },
            ["paper_bgcolor"] = "rgba(0,0,0,0)",
            ["plot_bgcolor"] = "rgba(0,0,0,0)",
            ["colorway"] = Palette.Categories.ToArray(),
            ["margin"] = new PlotlyObject { ["l"] = 64, ["r"] = 24, ["t"] = 56, ["b"] = 56 },
            ["hovermode"] = "closest",
            ["legend"] = new PlotlyObject
            {
                ["orientation"] = "h",
                ["x"] = 0,
                ["xanchor"] = "left",
                ["y"] = 1.01,
                ["yanchor"] = "bottom",
                ["bgcolor"] = "rgba(0,0,0,0)",
                ["itemsizing"] = "constant"
            },
            ["xaxis"] = Axis(),
            ["yaxis"] = Axis(),
            ["scene"] = new PlotlyObject { ["xaxis"] = Axis3(), ["yaxis"] = Axis3(), ["zaxis"] = Axis3() },
        },
    };

    private static PlotlyObject Axis() => new()
    {
        ["automargin"] = true,
        ["showgrid"] = true,
        ["gridcolor"] = Grid,
        ["zeroline"] = false,
        ["showline"] = true,
        ["linecolor"] = Line,
        ["ticks"] = "outside",
        ["ticklen"] = 4,
        ["tickcolor"] = Line,
        ["title"] = new PlotlyObject { ["standoff"] = 10 },
    };

    private static PlotlyObject Axis3() => new()
    {
        ["gridcolor"] = Grid,
        ["zeroline"] = false,
        ["linecolor"] = Line,
        ["showbackground"] = false,
        ["showspikes"] = false,
    };
}
