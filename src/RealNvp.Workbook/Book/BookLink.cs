namespace RealNvp.Workbook.Book;

/// <summary>Where links of the book may lead: the web, mail, and places beside the page or on it.</summary>
internal static class BookLink
{
    private static readonly string[] Schemes = ["http", "https", "mailto"];

    /// <summary>Whether a link with that address may stand in the book. Browsers skip control characters and read a backslash as
    /// a slash, so an address with either is none.</summary>
    public static bool IsAllowed(string address)
    {
        if (address.Any(c => char.IsControl(c) || c == '\\') || address != address.Trim()) return false;
        if (address.StartsWith("//", StringComparison.Ordinal)) return false;
        var end = address.AsSpan().IndexOfAny(":/?#");
        return end < 0 || address[end] != ':' || Schemes.Contains(address[..end], StringComparer.OrdinalIgnoreCase);
    }
}
