namespace Microsoft.DotNet.Interactive.Commands;

/// <summary>Runs a cell.</summary>
public class SubmitCode(string code, string? targetKernelName = null) : KernelCommand(targetKernelName)
{
    public string Code { get; } = code ?? throw new ArgumentNullException(nameof(code));

    public IDictionary<string, string> Parameters { get; set; } = new Dictionary<string, string>();

    /// <summary>The file that the code was read from, which error messages then name.</summary>
    internal string? SourcePath { get; init; }

    public override string ToString() => $"SubmitCode: {Code.ReplaceLineEndings(" ")}";
}
