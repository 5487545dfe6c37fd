using Microsoft.DotNet.Interactive.Commands;

namespace Microsoft.DotNet.Interactive;

/// <summary>Shows a cell as the HTML it is.</summary>
public class HtmlKernel : Kernel
{
    public HtmlKernel() : base("html")
    {
        KernelInfo.LanguageName = "HTML";
        RegisterCommandHandler<SubmitCode>((command, context) =>
        {
            context.DisplayAs(command.Code.TrimStart('\n'), "text/html");
            return Task.CompletedTask;
        });
    }
}
