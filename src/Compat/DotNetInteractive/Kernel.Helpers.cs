using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What cells call by its bare name.</summary>
public abstract partial class Kernel
{
    /// <summary>The kernel that runs this cell.</summary>
    public static Kernel? Current => KernelInvocationContext.Current?.HandlingKernel;

    /// <summary>The outermost kernel around this cell.</summary>
    public static Kernel? Root => Current?.RootKernel;

    /// <summary>Shows a value, in the given MIME types or in those that its type prefers.</summary>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => value.Display(mimeTypes);

    /// <summary>Text that is shown as the HTML it is.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Adds a style sheet to the page.</summary>
    public static void CSS(string content) => HTML($"<style>{content}</style>").Display("text/html");

    /// <summary>Runs a script in the page.</summary>
    public static void Javascript(string scriptContent) => HTML($"<script type=\"text/javascript\">{scriptContent}</script>").Display("text/html");

    /// <summary>Asks the reader for a line of text.</summary>
    public static async Task<string> GetInputAsync(string prompt = "", string typeHint = "text")
    {
        var root = Root ?? throw new InvalidOperationException("GetInputAsync works in a cell only");
        var result = await root.SendAsync(new RequestInput(prompt, typeHint)).ConfigureAwait(false);
        return result.Events.OfType<InputProduced>().FirstOrDefault()?.Value
            ?? throw new InvalidOperationException("nobody answered: this host takes no input");
    }
}
