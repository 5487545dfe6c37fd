namespace Microsoft.DotNet.Interactive.Commands;

/// <summary>A question about code that is being written, at a position in it.</summary>
public abstract class LanguageServiceCommand : KernelCommand
{
    private protected LanguageServiceCommand(string code, LinePosition linePosition, string? targetKernelName) : base(targetKernelName) =>
        (Code, LinePosition) = (code, linePosition);

    public string Code { get; protected set; }

    public LinePosition LinePosition { get; protected set; }
}

public class RequestCompletions(string code, LinePosition linePosition, string? targetKernelName = null)
    : LanguageServiceCommand(code, linePosition, targetKernelName);

public class RequestHoverText(string code, LinePosition linePosition, string? targetKernelName = null)
    : LanguageServiceCommand(code, linePosition, targetKernelName);

public class RequestSignatureHelp(string code, LinePosition linePosition, string? targetKernelName = null)
    : LanguageServiceCommand(code, linePosition, targetKernelName);
