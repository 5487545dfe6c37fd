using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Events;

public class CodeSubmissionReceived(SubmitCode command) : KernelEvent(command)
{
    public string Code => ((SubmitCode)Command).Code;
}

public class CompleteCodeSubmissionReceived(SubmitCode submitCode) : KernelEvent(submitCode)
{
    public string Code => ((SubmitCode)Command).Code;
}

public class IncompleteCodeSubmissionReceived(SubmitCode submitCode) : KernelEvent(submitCode);

public class CommandSucceeded(KernelCommand command, int executionOrder = 0) : KernelCommandCompletionEvent(command, executionOrder);

public class CommandFailed : KernelCommandCompletionEvent
{
    public CommandFailed(Exception? exception, KernelCommand command, string? message = null, int? executionOrder = null)
        : base(command, executionOrder) =>
        (Exception, Message) = (exception, message is { Length: > 0 } ? message : exception?.ToString() ?? $"{command} failed.");

    public CommandFailed(string message, KernelCommand command, int? executionOrder = null)
        : this(null, command, message, executionOrder) { }

    public Exception? Exception { get; }

    public string Message { get; set; }

    public override string ToString() => $"{nameof(CommandFailed)}: {Message}";
}

public class DiagnosticsProduced(
    IReadOnlyCollection<Diagnostic> diagnostics, IReadOnlyCollection<FormattedValue> formattedDiagnostics, KernelCommand command)
    : KernelEvent(command)
{
    public IReadOnlyCollection<Diagnostic> Diagnostics { get; } = diagnostics;

    public IReadOnlyCollection<FormattedValue> FormattedDiagnostics { get; } = formattedDiagnostics;
}

public class InputProduced(string value, RequestInput command) : KernelEvent(command)
{
    public string Value { get; } = value;
}
