namespace RealNvp.Workbook.Book;

/// <summary>Text inside HTML.</summary>
internal static class Escaped
{
    /// <summary>The four characters that mean something there, as entities; all others stay as they are.</summary>
    public static string Html(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
