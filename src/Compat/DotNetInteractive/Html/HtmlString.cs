using System.Text.Encodings.Web;

namespace Microsoft.AspNetCore.Html;

/// <summary>HTML that is already encoded.</summary>
public class HtmlString(string? value) : IHtmlContent
{
    public static readonly HtmlString Empty = new("");

    public string? Value { get; } = value;

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(Value);

    public override string ToString() => Value ?? "";
}
