using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.CSharp.Language;

/// <summary>A documentation comment as text to read.</summary>
internal static partial class DocumentationText
{
    internal static string Of(ISymbol symbol) => MemberOf(symbol) is { } member ? Describe(member) : "";

    /// <summary>The summary, and what is said of each parameter.</summary>
    internal static (string Summary, IReadOnlyDictionary<string, string> Parameters) Parts(ISymbol symbol) => MemberOf(symbol) is not { } member
        ? ("", new Dictionary<string, string>())
        : (member.Element("summary") is { } summary ? Flatten(summary) : "",
            member.Elements("param").DistinctBy(NameOf).ToDictionary(NameOf, Flatten));

    private static string NameOf(XElement parameter) => parameter.Attribute("name")?.Value ?? "";

    private static XElement? MemberOf(ISymbol symbol)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } extension }) symbol = extension;
        var xml = symbol.OriginalDefinition.GetDocumentationCommentXml(System.Globalization.CultureInfo.InvariantCulture, expandIncludes: true);
        if (string.IsNullOrWhiteSpace(xml)) return null;
        try
        {
            return XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Describe(XElement member)
    {
        var text = new StringBuilder();
        AppendSection("", member.Element("summary"));
        foreach (var parameter in member.Elements("param")) AppendSection($"{parameter.Attribute("name")?.Value}: ", parameter);
        AppendSection("Returns: ", member.Element("returns"));
        foreach (var exception in member.Elements("exception"))
            AppendSection($"Throws {ShortName(exception.Attribute("cref")?.Value)}: ", exception);
        AppendSection("Remarks: ", member.Element("remarks"));
        return text.ToString();

        void AppendSection(string label, XElement? section)
        {
            if (section is null || Flatten(section) is not { Length: > 0 } words) return;
            if (text.Length > 0) text.Append('\n');
            text.Append(label).Append(words);
        }
    }

    private static string Flatten(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(node => node switch
    {
        XText words => words.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference =>
            reference.Value is { Length: > 0 } label ? label
            : ShortName((reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword"))?.Value),
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
        XElement inner => " " + Flatten(inner) + " ",
        _ => "",
    })), " ").Trim();

    private static string ShortName(string? reference)
    {
        if (reference is null) return "";
        var name = reference.Length > 2 && reference[1] == ':' ? reference[2..] : reference;
        var end = name.IndexOf('(');
        if (end >= 0) name = name[..end];
        return name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
