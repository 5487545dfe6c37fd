using System.Xml.Linq;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed class JUnitReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(CellOutcome.Failed), "failure", "1", "0")]
    [InlineData(nameof(CellOutcome.TimedOut), "error", "0", "1")]
    [InlineData(nameof(CellOutcome.Crashed), "error", "0", "1")]
    public void A_cell_is_a_case_and_what_went_wrong_stands_in_it(string outcome, string element, string failures, string errors)
    {
        var summary = new RunSummary("/n/08-x.ipynb", "/o/08-x.ipynb",
            [
                new CellSummary(2, "a", "var x = 1;", TimeSpan.FromSeconds(1.5), CellOutcome.Succeeded),
                new CellSummary(3, "b", "if (x < 2 && \u001b[1m)", TimeSpan.FromSeconds(2), Enum.Parse<CellOutcome>(outcome)),
                new CellSummary(4, "c", "y", TimeSpan.Zero, CellOutcome.Skipped),
            ],
            TimeSpan.FromSeconds(4), new CellError(3, "b", 1, "if (x < 2)", "Kind", "wrong <here>\nand there \u0000"));
        JUnitReport.Write(_folder["report.xml"], [summary]);
        var suite = XDocument.Load(_folder["report.xml"]).Root!.Element("testsuite")!;
        Assert.Equal(("08-x", "3", failures, errors, "1", "4.000"),
            ((string)suite.Attribute("name")!, (string)suite.Attribute("tests")!,
            (string)suite.Attribute("failures")!, (string)suite.Attribute("errors")!, (string)suite.Attribute("skipped")!,
            (string)suite.Attribute("time")!));
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal("cell 2 (a): var x = 1;", (string)cases[0].Attribute("name")!);
        Assert.Empty(cases[0].Elements());
        Assert.Equal(("Kind", "wrong <here>"),
            ((string)cases[1].Element(element)!.Attribute("type")!, (string)cases[1].Element(element)!.Attribute("message")!));
        Assert.Contains("line 1: if (x < 2)", cases[1].Element(element)!.Value);
        Assert.NotNull(cases[2].Element("skipped"));
    }
}
