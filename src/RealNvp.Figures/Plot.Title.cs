namespace RealNvp.Figures;

public sealed partial class Plot
{
    // Clients that draw without figures.js get a title that fits a page; figures.js breaks it anew for the width that it finds.
    private static int TitleLines(string title) => ((string)TitleOf(title)["text"]!).Split("<br>").Length;

    private static PlotlyObject TitleOf(string title, int most = 84)
    {
        List<string> lines = [""];
        foreach (var word in title.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > most) lines.Add(word);
            else lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }
        PlotlyObject wrapped = new() { ["text"] = string.Join("<br>", lines) };
        // plotly.js sets a single line's top at the padding, but the baseline of the first of several.
        if (lines.Count > 1) wrapped["pad"] = new PlotlyObject { ["t"] = 24, ["l"] = 10 };
        return wrapped;
    }
}
