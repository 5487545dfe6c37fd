using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>What every value can fall back on, per MIME type.</summary>
internal static class DefaultFormatters
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IncludeFields = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.IgnoreCycles,
    };

    private static readonly ITypeFormatter Html = new DelegateFormatter(typeof(object), "text/html", HtmlView.Write);
    private static readonly ITypeFormatter PlainText = new DelegateFormatter(typeof(object), "text/plain", PlainTextView.Write);
    private static readonly ITypeFormatter JsonText = new DelegateFormatter(typeof(object), "application/json", WriteJson);
    private static readonly ITypeFormatter Raw = new DelegateFormatter(typeof(object), "", WriteRaw);

    internal static IReadOnlyList<ITypeFormatter> All { get; } = [Html, PlainText, JsonText];

    internal static IEnumerable<ITypeFormatter> For(string mimeType) => mimeType switch
    {
        "text/html" => [Html],
        "text/plain" => [PlainText],
        "application/json" => [JsonText],
        _ => [Raw],
    };

    internal static void WriteNull(FormatContext context, string mimeType)
    {
        if (mimeType == "text/html" && context.Depth == 0) HtmlView.WriteText(Formatter.NullString, context);
        else context.Writer.Write(mimeType switch
        {
            "application/json" => "null",
            "text/html" => HtmlEncoder.Default.Encode(Formatter.NullString),
            _ => Formatter.NullString,
        });
    }

    private static bool WriteJson(object value, FormatContext context)
    {
        context.Writer.Write(value is JsonString json ? json.Value : JsonSerializer.Serialize(value, value.GetType(), Json));
        return true;
    }

    /// <summary>Any other MIME type: the value is taken to be its text already.</summary>
    private static bool WriteRaw(object value, FormatContext context)
    {
        if (value is IHtmlContent html) html.WriteTo(context.Writer, HtmlEncoder.Default);
        else context.Writer.Write(value.ToString());
        return true;
    }
}
