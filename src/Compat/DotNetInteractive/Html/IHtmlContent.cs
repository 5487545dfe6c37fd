using System.Text.Encodings.Web;

namespace Microsoft.AspNetCore.Html;

/// <summary>A piece of HTML that writes itself; a formatter shows it as it is, unescaped.</summary>
public interface IHtmlContent
{
    /// <summary>Writes the HTML; <paramref name="encoder"/> is for parts that are text.</summary>
    void WriteTo(TextWriter writer, HtmlEncoder encoder);
}
