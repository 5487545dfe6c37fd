using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace RealNvp.Workbook.Book;

/// <summary>
/// HTML that a notebook brings, as the book shows it: text, tables, lists, links that <see cref="BookLink"/> allows, pictures
/// that <see cref="BookPicture"/> does. Nothing that runs, looks like the page's own parts, or asks the network.
/// </summary>
internal static class ForeignHtml
{
    private const int MostTags = 20_000;
    private const int Deepest = 400;

    /// <summary>
    /// A browser's rules repeat every open tag such as b in each block that follows, so the parser may make that many elements.
    /// </summary>
    private const int MostRepetitions = 500_000;

    private static readonly string[] Repeated =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

    private static readonly string[] Tags =
    [
        "a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
        "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
        "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
    ];

    private static readonly string[] Attributes =
    [
        "align", "alt", "checked", "class", "colspan", "dir", "disabled", "height", "href", "id", "lang", "open", "rowspan",
        "scope", "span", "src", "start", "tabindex", "title", "type", "valign", "value", "width",
    ];

    private static readonly string[] Classes =
    [
        "math", "code", "output", "keyword", "type", "function", "string", "number", "comment", "directive", "contains-task-list",
        "task-list-item",
    ];

    /// <summary>HTML of somebody's; null where it is too much to look through.</summary>
    public static string? Clean(string html) => IsTooMuch(html) ? null : Cleaned(html, hasAnchors: false);

    /// <summary>The same of text that has HTML in it and headings with anchors.</summary>
    public static string? CleanText(string html) => IsTooMuch(html) ? null : Cleaned(html, hasAnchors: true);

    /// <summary>The same of text that has none of its own: every tag in it is closed.</summary>
    public static string? CleanRendered(string html) => Cleaned(html, hasAnchors: true);

    private static string? Cleaned(string html, bool hasAnchors)
    {
        var document = new HtmlParser().ParseDocument("<!DOCTYPE html><body>" + html);
        if (DepthOf(document) > Deepest) return null;
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Set(Tags),
            AllowedAttributes = Set(Attributes),
            AllowedClasses = Set(Classes),
            AllowedSchemes = Set(["http", "https", "mailto", "data"]),
            UriAttributes = Set(["href", "src"]),
        });
        sanitizer.SanitizeDom(document, document.Body);
        foreach (var link in document.QuerySelectorAll("[href]"))
            if (link.LocalName != "a" || !BookLink.IsAllowed(link.GetAttribute("href")!)) link.RemoveAttribute("href");
        foreach (var picture in document.QuerySelectorAll("img, [src]")) Picture(document, picture);
        foreach (var box in document.QuerySelectorAll("input"))
        {
            box.SetAttribute("type", "checkbox");
            box.SetAttribute("disabled", "");
        }
        // An id could take the place of a part of the page.
        foreach (var named in document.QuerySelectorAll("[id]"))
            if (!hasAnchors || named is not IHtmlHeadingElement) named.RemoveAttribute("id");
        return document.Body!.InnerHtml;
    }

    /// <summary>A picture stays where it lies within the page; one on the web becomes a link to it.</summary>
    private static void Picture(IHtmlDocument document, IElement picture)
    {
        var address = picture.GetAttribute("src") ?? "";
        if (picture.LocalName == "img" && BookPicture.Address(address) is { } data)
        {
            picture.SetAttribute("src", data);
            return;
        }
        var words = picture.GetAttribute("alt") is { Length: > 0 } alt ? alt : "a picture";
        if (!address.StartsWith("http", StringComparison.OrdinalIgnoreCase) || !BookLink.IsAllowed(address))
        {
            picture.Replace(document.CreateTextNode(words));
            return;
        }
        var link = document.CreateElement("a");
        link.SetAttribute("href", address);
        link.TextContent = words;
        picture.Replace(link);
    }

    private static bool IsTooMuch(string html)
    {
        var (tags, repeated) = (0L, 0L);
        for (var at = html.IndexOf('<'); at >= 0; at = html.IndexOf('<', at + 1))
        {
            tags++;
            var name = html.AsSpan(at + 1, Math.Min(8, html.Length - at - 1));
            var end = 0;
            while (end < name.Length && char.IsAsciiLetter(name[end])) end++;
            foreach (var one in Repeated)
                if (name[..end].Equals(one, StringComparison.OrdinalIgnoreCase)) repeated++;
        }
        return tags > MostTags || tags * repeated > MostRepetitions;
    }

    // A list of children: from one child to the next, AngleSharp looks through all of them.
    private static int DepthOf(INode root)
    {
        var deepest = 0;
        Stack<(INode Node, int Depth)> left = new([(root, 0)]);
        while (left.TryPop(out var at))
        {
            deepest = Math.Max(deepest, at.Depth);
            foreach (var child in at.Node.ChildNodes) left.Push((child, at.Depth + 1));
        }
        return deepest;
    }

    private static HashSet<string> Set(string[] words) => new(words, StringComparer.OrdinalIgnoreCase);
}
