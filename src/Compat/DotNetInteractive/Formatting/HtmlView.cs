using System.Collections;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>text/html for any value: scalars as text, sequences of objects as tables, objects as trees that fold.</summary>
internal static class HtmlView
{
    internal static bool Write(object value, FormatContext context)
    {
        if (value is IHtmlContent html) html.WriteTo(context.Writer, HtmlEncoder.Default);
        else if (value is string or Exception || ObjectShape.IsScalar(value)) WriteText(value.ToDisplayString(), context);
        else if (context.Depth >= Formatter.RecursionLimit) WriteText(value.ToString() ?? "", context);
        else if (value is IDictionary dictionary) WriteDictionary(dictionary, context);
        else if (value is IEnumerable sequence) WriteSequence(sequence, context);
        else if (ObjectShape.HasMembersToShow(value.GetType())) WriteTree(value, context);
        else WriteText(value.ToDisplayString(), context);
        return true;
    }

    /// <summary>Plain text as HTML that keeps its spaces and lines.</summary>
    internal static void WriteText(string text, FormatContext context)
    {
        var encoded = HtmlEncoder.Default.Encode(text).Replace("&#xA;", "\n");
        context.Writer.Write(context.Depth > 0 && !encoded.Contains('\n')
            ? encoded
            : $"<div class=\"dni-plaintext\"><pre>{encoded}</pre></div>");
    }

    private static void WriteSequence(IEnumerable sequence, FormatContext context)
    {
        var (items, more) = ObjectShape.Take(sequence, Formatter.ListExpansionLimit);
        if (items.All(ObjectShape.IsScalar))
        {
            WriteText(sequence.ToDisplayString(), context);
            return;
        }
        WriteTable(items, more, context);
    }

    /// <summary>A row an item, a column a member; items of different types share the columns they have.</summary>
    private static void WriteTable(List<object?> items, int? more, FormatContext context)
    {
        var columns = items.Where(item => item is not null && ObjectShape.HasMembersToShow(item.GetType()))
            .SelectMany(item => ObjectShape.MembersOf(item!.GetType()).Select(member => member.Name)).Distinct().ToList();
        var hasValues = items.Any(item => item is null || !ObjectShape.HasMembersToShow(item.GetType()));
        var writer = context.Writer;
        using var _ = context.Deeper();
        writer.Write("<table><thead><tr><th><i>index</i></th>");
        if (hasValues) writer.Write("<th>value</th>");
        foreach (var column in columns) writer.Write($"<th>{Encode(column)}</th>");
        writer.Write("</tr></thead><tbody>");
        for (var i = 0; i < items.Count; i++)
        {
            writer.Write($"<tr><td>{i}</td>");
            var item = items[i];
            var members = item is not null && ObjectShape.HasMembersToShow(item.GetType()) ? ObjectShape.MembersOf(item.GetType()) : null;
            if (hasValues) WriteCell(members is null ? item : "", context);
            foreach (var column in columns)
                WriteCell(members?.FirstOrDefault(member => member.Name == column) is { } member ? member.Read(item!) : "", context);
            writer.Write("</tr>");
        }
        if (more != 0)
            writer.Write($"<tr><td colspan=\"{1 + columns.Count + (hasValues ? 1 : 0)}\"><i>{ObjectShape.MoreText(more)}</i></td></tr>");
        writer.Write("</tbody></table>");
    }

    private static void WriteDictionary(IDictionary dictionary, FormatContext context)
    {
        var (items, more) = ObjectShape.Take(dictionary, Formatter.ListExpansionLimit);
        var writer = context.Writer;
        using var _ = context.Deeper();
        writer.Write("<table><thead><tr><th><i>key</i></th><th>value</th></tr></thead><tbody>");
        foreach (var entry in items.OfType<DictionaryEntry>())
        {
            writer.Write("<tr>");
            WriteCell(entry.Key, context);
            WriteCell(entry.Value, context);
            writer.Write("</tr>");
        }
        if (more != 0) writer.Write($"<tr><td colspan=\"2\"><i>{ObjectShape.MoreText(more)}</i></td></tr>");
        writer.Write("</tbody></table>");
    }

    private static void WriteTree(object value, FormatContext context)
    {
        var writer = context.Writer;
        var type = value.GetType();
        var summary = context.Depth == 0 || ObjectShape.IsTuple(type) ? ObjectShape.TypeName(type) : value.ToString() ?? ObjectShape.TypeName(type);
        writer.Write($"<details{(context.Depth == 0 ? " open=\"open\"" : "")} class=\"dni-treeview\"><summary>{Encode(summary)}</summary>");
        using var _ = context.Deeper();
        writer.Write("<table><thead><tr></tr></thead><tbody>");
        foreach (var member in ObjectShape.MembersOf(type))
        {
            writer.Write($"<tr><td>{Encode(member.Name)}</td>");
            WriteCell(member.Read(value), context);
            writer.Write("</tr>");
        }
        writer.Write("</tbody></table></details>");
    }

    private static void WriteCell(object? value, FormatContext context)
    {
        context.Writer.Write("<td>");
        value.FormatTo(context, "text/html");
        context.Writer.Write("</td>");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
