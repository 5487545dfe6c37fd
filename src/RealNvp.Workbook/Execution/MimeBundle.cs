using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace RealNvp.Workbook.Execution;

/// <summary>A shown value by MIME type, as Jupyter's messages and files have it.</summary>
internal static class MimeBundle
{
    /// <summary>The most characters of a value as plain text: as many as of a stream.</summary>
    internal const int MostText = 2_000_000;

    /// <summary>The most of one in any other form, such as a figure.</summary>
    internal const int Most = 50_000_000;

    /// <summary>What the formatters wrote, and plain text besides: readers without HTML exist.</summary>
    internal static Dictionary<string, string> Of(DisplayEvent shown)
    {
        var bundle = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var formatted in shown.FormattedValues) Add(bundle, formatted.MimeType, formatted.Value);
        if (bundle.Count == 1 && bundle.ContainsKey("text/html") && shown.Value is not IHtmlContent)
            Add(bundle, "text/plain", shown.Value.ToDisplayString("text/plain"));
        return bundle;
    }

    /// <summary>Plain text is cut; anything else that is too large would be nothing when it is cut, and is left out.</summary>
    internal static void Add(Dictionary<string, string> bundle, string mimeType, string value)
    {
        if (mimeType == "text/plain")
            bundle[mimeType] = value.Length <= MostText ? value
                : $"{value[..MostText]}\n... ({value.Length - MostText} more characters are left out)";
        else if (value.Length <= Most) bundle[mimeType] = value;
        else
            bundle.TryAdd("text/plain", $"(a value of {value.Length} characters as {mimeType} is left out; at most {Most} are "
                + "kept)");
    }
}
