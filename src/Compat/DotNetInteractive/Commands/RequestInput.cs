namespace Microsoft.DotNet.Interactive.Commands;

/// <summary>Asks the reader for a line; whoever hosts the kernel answers with an InputProduced event.</summary>
public class RequestInput(string prompt, string? inputTypeHint = null) : KernelCommand
{
    public string Prompt { get; } = prompt;

    public string InputTypeHint { get; set; } = inputTypeHint ?? "text";

    public bool IsPassword => InputTypeHint == "password";

    public string? ParameterName { get; set; }

    public string? SaveAs { get; set; }
}
