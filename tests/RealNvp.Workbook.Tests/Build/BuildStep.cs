using System.Collections;
using Microsoft.Build.Framework;

namespace RealNvp.Workbook.Tests.Build;

/// <summary>Runs one build step as MSBuild does, and keeps what it says.</summary>
internal sealed class BuildStep : IBuildEngine
{
    private readonly List<string> _errors = [];

    private BuildStep()
    {
    }

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "";

    /// <returns>The one line that says why it failed; null where it succeeded.</returns>
    public static string? Run(ITask task)
    {
        var engine = new BuildStep();
        task.BuildEngine = engine;
        if (task.Execute())
        {
            Assert.Empty(engine._errors);
            return null;
        }
        var line = Assert.Single(engine._errors);
        Assert.DoesNotContain('\n', line);
        return line;
    }

    public void LogErrorEvent(BuildErrorEventArgs e) => _errors.Add(e.Message ?? "");

    public void LogWarningEvent(BuildWarningEventArgs e) => _errors.Add(e.Message ?? "");

    public void LogMessageEvent(BuildMessageEventArgs e)
    {
    }

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    public bool BuildProjectFile(string file, string[] targets, IDictionary properties, IDictionary outputs) => false;
}
