using System.Xml;

namespace RealNvp.Workbook.Book;

/// <summary>
/// Pictures inside of the page, as data addresses. A browser runs no script of a picture, be it SVG, that an img element shows.
/// </summary>
internal static class BookPicture
{
    public const string Svg = "image/svg+xml";

    /// <summary>The types of pixels that the book shows, the one that comes first being preferred.</summary>
    public static readonly string[] Types = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>A picture in base64; null where it is not base64 of that type.</summary>
    public static string? Address(string type, string base64)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            return null;
        }
        if (type == Svg) return IsSvg(() => XmlReader.Create(new MemoryStream(bytes), Xml)) ? Data(type, bytes) : null;
        return Begins(type, bytes) ? Data(type, bytes) : null;
    }

    /// <summary>The text of an SVG file; null where it is no XML, or has a document type.</summary>
    public static string? AddressOfSvg(string svg) =>
        IsSvg(() => XmlReader.Create(new StringReader(svg), Xml)) ? Data(Svg, System.Text.Encoding.UTF8.GetBytes(svg)) : null;

    /// <summary>The same picture, where an address is that of one.</summary>
    public static string? Address(string address)
    {
        const string Before = "data:", Between = ";base64,";
        var comma = address.IndexOf(Between, StringComparison.Ordinal);
        return address.StartsWith(Before, StringComparison.Ordinal) && comma > 0
            ? Address(address[Before.Length..comma], address[(comma + Between.Length)..]) : null;
    }

    private static XmlReaderSettings Xml => new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private static string Data(string type, byte[] bytes) => $"data:{type};base64,{Convert.ToBase64String(bytes)}";

    private static bool Begins(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "image/png" => bytes.StartsWith((byte[])[0x89, .. "PNG\r\n\x1A\n"u8]),
        "image/jpeg" => bytes.StartsWith((byte[])[0xFF, 0xD8, 0xFF]),
        "image/gif" => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8),
        "image/webp" => bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8),
        _ => false,
    };

    private static bool IsSvg(Func<XmlReader> open)
    {
        try
        {
            using var reader = open();
            reader.MoveToContent();
            if (reader is not { LocalName: "svg", NamespaceURI: "http://www.w3.org/2000/svg" }) return false;
            while (reader.Read()) { }
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
