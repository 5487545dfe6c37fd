using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.Directives;

/// <summary>A line of a cell that begins with `#!`, or `#r`/`#i` with a NuGet argument.</summary>
/// <param name="Name">With its prefix: `#!time`.</param>
/// <param name="Argument">The rest of the line, without quotes around it.</param>
internal sealed record DirectiveLine(string Name, string Argument)
{
    internal static bool TryParse(string line, [NotNullWhen(true)] out DirectiveLine? directive)
    {
        directive = null;
        var text = line.TrimEnd();
        if (text.StartsWith("#!", StringComparison.Ordinal))
        {
            var space = text.IndexOfAny([' ', '\t']);
            var name = space < 0 ? text : text[..space];
            if (name.Length == 2) return false;
            directive = new DirectiveLine(name, space < 0 ? "" : Unquote(text[space..]));
        }
        else if (text.StartsWith("#r", StringComparison.Ordinal) || text.StartsWith("#i", StringComparison.Ordinal))
        {
            var argument = Unquote(text[2..]);
            if (!argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)) return false;
            directive = new DirectiveLine(text[..2], argument);
        }
        return directive is not null;
    }

    private static string Unquote(string text)
    {
        text = text.Trim();
        if (text.Length < 2 || text[0] != '"') return text;
        var end = text.IndexOf('"', 1);
        return end < 0 ? text[1..] : text[1..end];
    }
}

/// <summary>What a directive does.</summary>
/// <param name="TakesRest">The lines after it, up to the cell's end, are its text and not code.</param>
internal sealed record Directive(
    string Name, string Description, Func<DirectiveInvocation, KernelInvocationContext, Task> RunAsync, bool TakesRest = false);

/// <summary>One use of a directive.</summary>
/// <param name="Rest">The lines after it, where it takes them.</param>
/// <param name="SourcePath">The file that it stands in, null in a cell.</param>
internal sealed record DirectiveInvocation(string Argument, string Rest, int Line, string? SourcePath);
