using System.Collections;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>text/plain for any value: scalars as they are, sequences in brackets, objects one member a line.</summary>
internal static class PlainTextView
{
    internal static bool Write(object value, FormatContext context)
    {
        var writer = context.Writer;
        if (value is IHtmlContent html) html.WriteTo(writer, HtmlEncoder.Default);
        else if (value is string text) writer.Write(text);
        else if (value is Exception) writer.Write(value.ToString());
        else if (ObjectShape.IsScalar(value)) writer.Write(ObjectShape.ScalarText(value));
        else if (context.Depth >= Formatter.RecursionLimit) writer.Write(value.ToString());
        else if (value is IDictionary dictionary) WriteDictionary(dictionary, context);
        else if (value is IEnumerable sequence) WriteSequence(sequence, context);
        else if (ObjectShape.HasMembersToShow(value.GetType())) WriteMembers(value, context);
        else writer.Write(value.ToString());
        return true;
    }

    private static void WriteSequence(IEnumerable sequence, FormatContext context)
    {
        var (items, more) = ObjectShape.Take(sequence, Formatter.ListExpansionLimit);
        using var _ = context.Deeper();
        if (items.All(ObjectShape.IsScalar))
        {
            context.Writer.Write("[ ");
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) context.Writer.Write(", ");
                items[i].FormatTo(context, "text/plain");
            }
            if (more != 0) context.Writer.Write((items.Count > 0 ? ", " : "") + ObjectShape.MoreText(more));
            context.Writer.Write(" ]");
            return;
        }
        context.Writer.Write(ObjectShape.TypeName(sequence.GetType()));
        foreach (var item in items) WriteLine("- ", item, context);
        if (more != 0) WriteLine("  ", ObjectShape.MoreText(more), context);
    }

    private static void WriteDictionary(IDictionary dictionary, FormatContext context)
    {
        context.Writer.Write(ObjectShape.TypeName(dictionary.GetType()));
        using var _ = context.Deeper();
        var (items, more) = ObjectShape.Take(dictionary, Formatter.ListExpansionLimit);
        foreach (DictionaryEntry entry in items.OfType<DictionaryEntry>()) WriteLine(entry.Key + ": ", entry.Value, context);
        if (more != 0) WriteLine("", ObjectShape.MoreText(more), context);
    }

    private static void WriteMembers(object value, FormatContext context)
    {
        var members = ObjectShape.MembersOf(value.GetType());
        using var _ = context.Deeper();
        if (ObjectShape.IsTuple(value.GetType()))
        {
            var tuple = (System.Runtime.CompilerServices.ITuple)value;
            context.Writer.Write("( ");
            for (var i = 0; i < tuple.Length; i++)
            {
                if (i > 0) context.Writer.Write(", ");
                tuple[i].FormatTo(context, "text/plain");
            }
            context.Writer.Write(" )");
            return;
        }
        context.Writer.Write(ObjectShape.TypeName(value.GetType()));
        foreach (var member in members) WriteLine(member.Name + ": ", member.Read(value), context);
    }

    private static void WriteLine(string label, object? value, FormatContext context)
    {
        context.Writer.WriteLine();
        context.Writer.Write(new string(' ', 2 * context.Depth) + label);
        value.FormatTo(context, "text/plain");
    }
}
