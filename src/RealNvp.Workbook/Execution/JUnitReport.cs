using System.Globalization;
using System.Xml.Linq;

namespace RealNvp.Workbook.Execution;

/// <summary>Runs as JUnit XML, which CI systems show: a suite a notebook, a case a code cell.</summary>
internal static class JUnitReport
{
    /// <summary>Writes the report; the file is whole at any time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="summaries">The notebooks that ran.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<RunSummary> summaries)
    {
        var report = new XDocument(new XElement("testsuites", summaries.Select(Suite)));
        AtomicFile.Write(Path.GetFullPath(path), stream => report.Save(stream));
    }

    private static XElement Suite(RunSummary summary) => new("testsuite",
        new XAttribute("name", Path.GetFileNameWithoutExtension(summary.NotebookPath)),
        new XAttribute("tests", summary.Cells.Count),
        new XAttribute("failures", summary.Cells.Count(cell => cell.Outcome is CellOutcome.Failed)),
        new XAttribute("errors", summary.Cells.Count(cell => IsError(cell.Outcome))),
        new XAttribute("skipped", summary.Cells.Count(cell => cell.Outcome is CellOutcome.Skipped)),
        new XAttribute("time", Seconds(summary.Elapsed)),
        summary.Cells.Select(cell => Case(summary, cell)));

    private static XElement Case(RunSummary summary, CellSummary cell)
    {
        var element = new XElement("testcase",
            new XAttribute("classname", Path.GetFileNameWithoutExtension(summary.NotebookPath)),
            new XAttribute("name", Printable($"cell {cell.Number} ({cell.Id}): {cell.FirstLine}")),
            new XAttribute("time", Seconds(cell.Elapsed)));
        if (cell.Outcome == CellOutcome.Skipped) element.Add(new XElement("skipped"));
        else if (summary.Error is { } error && error.Cell == cell.Number)
            element.Add(new XElement(IsError(cell.Outcome) ? "error" : "failure",
                new XAttribute("type", error.Kind), new XAttribute("message", Printable(error.Message.Split('\n')[0])),
                Printable(error.ToString())));
        return element;
    }

    private static bool IsError(CellOutcome outcome) =>
        outcome is CellOutcome.TimedOut or CellOutcome.Crashed or CellOutcome.Cancelled;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no control characters, terminal colours among them.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Where(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
}
