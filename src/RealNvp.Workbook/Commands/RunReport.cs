using System.Text.Json;
using System.Text.Json.Serialization;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Commands;

/// <summary>The reports beside the executed copies: report.json, and report.xml for continuous integration.</summary>
internal static class RunReport
{
    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    internal static void Write(Repository repository, IReadOnlyCollection<RunSummary> summaries)
    {
        Directory.CreateDirectory(repository.Executed);
        var report = summaries.Select(s => new
        {
            notebook = Path.GetRelativePath(repository.Root, s.NotebookPath),
            executed = Path.GetRelativePath(repository.Root, s.OutputPath),
            succeeded = s.Succeeded,
            restored = s.Restored,
            seconds = Math.Round(s.Elapsed.TotalSeconds, 2),
            error = s.Error,
            cells = s.Cells.Select(c =>
                new
                {
                    number = c.Number,
                    id = c.Id,
                    firstLine = c.FirstLine,
                    seconds = Math.Round(c.Elapsed.TotalSeconds, 3),
                    outcome = c.Outcome
                }),
        });
        AtomicFile.Write(Path.Combine(repository.Executed, "report.json"), stream =>
            JsonSerializer.Serialize(stream, report, Json));
        JUnitReport.Write(Path.Combine(repository.Executed, "report.xml"), summaries);
    }
}
