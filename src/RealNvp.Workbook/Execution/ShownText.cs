using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace RealNvp.Workbook.Execution;

/// <summary>A kernel that shows what follows `#!name` in a cell as the text it is.</summary>
internal sealed class ShownText : Kernel
{
    internal ShownText(string name, string mimeType) : base(name) =>
        RegisterCommandHandler<SubmitCode>((command, context) =>
        {
            context.DisplayAs(command.Code.TrimStart('\r', '\n'), mimeType);
            return Task.CompletedTask;
        });
}
