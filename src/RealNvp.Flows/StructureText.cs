namespace RealNvp.Flows;

/// <summary>Nested text: a title, and its parts indented below it.</summary>
internal static class StructureText
{
    internal static string Of(string title, IEnumerable<object> parts) =>
        string.Join('\n', [title, .. parts.Select(part => Indent(part.ToString() ?? "", 2))]);

    internal static string Numbered(int k, object part)
    {
        var label = $"{k}: ";
        return label + Indent(part.ToString() ?? "", label.Length).TrimStart();
    }

    private static string Indent(string text, int by)
    {
        var blank = new string(' ', by);
        return blank + text.Replace("\n", "\n" + blank);
    }
}
