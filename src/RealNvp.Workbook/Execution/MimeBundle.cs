using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace RealNvp.Workbook.Execution;

/// <summary>A shown value by MIME type, as Jupyter's messages and files have it.</summary>
internal static class MimeBundle
{
    /// <summary>What the formatters wrote, and plain text besides: readers without HTML exist.</summary>
    internal static Dictionary<string, string> Of(DisplayEvent shown)
    {
        var bundle = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var formatted in shown.FormattedValues) bundle[formatted.MimeType] = formatted.Value;
        if (bundle.Count == 1 && bundle.ContainsKey("text/html") && shown.Value is not IHtmlContent)
            bundle["text/plain"] = shown.Value.ToDisplayString("text/plain");
        return bundle;
    }
}
