using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace System;

/// <summary>Shows values in the output of a cell.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value, in the given MIME types or in those that its type prefers; outside of cells it goes to the console.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        KernelInvocationContext.Current is { } context ? context.Display(value, mimeTypes) : OnConsole(value, mimeTypes);

    /// <summary>Shows text that is written in a MIME type already.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) =>
        KernelInvocationContext.Current is { } context ? context.DisplayAs(value, mimeType) : OnConsole(value, [mimeType]);

    /// <summary>Shows a sequence as a table, an item a row.</summary>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> value, params string[] mimeTypes) => value.Display(mimeTypes);

    private static DisplayedValue OnConsole(object? value, string[] mimeTypes)
    {
        var displayed = new DisplayedValue(value, FormattedValue.CreateManyFromObject(value, mimeTypes), mimeTypes,
            updated => Console.WriteLine(updated.Value.ToDisplayString()));
        Console.WriteLine(value.ToDisplayString());
        Formatter.RaiseDisplayed(displayed);
        return displayed;
    }
}
