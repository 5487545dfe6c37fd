namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>How values become text: formatters by type and MIME type, and the MIME types that each type prefers.</summary>
public static class Formatter
{
    private static readonly Lock Gate = new();
    private static readonly List<ITypeFormatter> Registered = [];
    private static readonly List<(Type Type, string[] MimeTypes)> Preferred = [];
    private static event Action<DisplayedValue>? Displayed;

    static Formatter() => ResetToDefault();

    /// <summary>The MIME type of values whose type has no preference of its own.</summary>
    public static string DefaultMimeType { get; set; } = HtmlMimeType;

    /// <summary>What null is written as.</summary>
    public static string NullString { get; set; } = "<null>";

    /// <summary>How many items of a sequence are written.</summary>
    public static int ListExpansionLimit { get; set; } = 20;

    /// <summary>How deep an object graph is written.</summary>
    public static int RecursionLimit { get; set; } = 6;

    internal const string HtmlMimeType = "text/html";
    internal const string PlainTextMimeType = "text/plain";

    public static void Register(ITypeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        lock (Gate) Registered.Add(formatter);
    }

    public static void Register<T>(FormatDelegate<T> formatter, string mimeType = PlainTextMimeType) =>
        Register(new DelegateFormatter(typeof(T), mimeType, (value, context) => formatter((T)value, context)));

    public static void Register<T>(Action<T, TextWriter> formatter, string mimeType = PlainTextMimeType) =>
        Register<T>((value, context) => { formatter(value, context.Writer); return true; }, mimeType);

    public static void Register<T>(Func<T, string> formatter, string mimeType = PlainTextMimeType) =>
        Register<T>((value, context) => { context.Writer.Write(formatter(value)); return true; }, mimeType);

    public static void Register(Type type, FormatDelegate<object> formatter, string mimeType = PlainTextMimeType) =>
        Register(new DelegateFormatter(type, mimeType, formatter));

    public static void Register(Type type, Action<object, TextWriter> formatter, string mimeType = PlainTextMimeType) =>
        Register(type, (value, context) => { formatter(value, context.Writer); return true; }, mimeType);

    /// <summary>The MIME types in which values of a type are shown, all of them at once.</summary>
    public static void SetPreferredMimeTypesFor(Type type, params string[] preferredMimeTypes)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(preferredMimeTypes);
        lock (Gate)
        {
            Preferred.RemoveAll(entry => entry.Type == type);
            if (preferredMimeTypes.Length > 0) Preferred.Add((type, preferredMimeTypes));
        }
    }

    public static IReadOnlyCollection<string> GetPreferredMimeTypesFor(Type? type)
    {
        if (type is null) return [DefaultMimeType];
        lock (Gate)
        {
            return TypeRank.Closest(Preferred, entry => entry.Type, type).Select(entry => entry.MimeTypes).FirstOrDefault()
                ?? [DefaultMimeType];
        }
    }

    public static ITypeFormatter GetPreferredFormatterFor(Type actualType, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(actualType);
        var candidates = FormattersFor(actualType, mimeType);
        return candidates is [var only] ? only : new DelegateFormatter(actualType, mimeType,
            (value, context) => candidates.Any(candidate => candidate.Format(value, context)));
    }

    public static IEnumerable<ITypeFormatter> RegisteredFormatters(bool includeDefaults = true)
    {
        lock (Gate) return includeDefaults ? [.. Registered, .. DefaultFormatters.All] : [.. Registered];
    }

    /// <summary>Forgets every registration and preference, and the limits go back to their defaults.</summary>
    public static void ResetToDefault()
    {
        lock (Gate)
        {
            Registered.Clear();
            Preferred.Clear();
            Preferred.Add((typeof(string), [PlainTextMimeType]));
            Preferred.Add((typeof(LaTeXString), ["text/latex"]));
            Preferred.Add((typeof(JsonString), ["application/json"]));
        }
        (DefaultMimeType, NullString, ListExpansionLimit, RecursionLimit) = (HtmlMimeType, "<null>", 20, 6);
    }

    public static string ToDisplayString(this object? obj, string mimeType = PlainTextMimeType)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        obj.FormatTo(new FormatContext(writer), mimeType);
        return writer.ToString();
    }

    public static string ToDisplayString(this object? obj, ITypeFormatter formatter)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        formatter.Format(obj, new FormatContext(writer));
        return writer.ToString();
    }

    public static void FormatTo<T>(this T obj, FormatContext context, string mimeType)
    {
        if (obj is null)
        {
            DefaultFormatters.WriteNull(context, mimeType);
            return;
        }
        foreach (var formatter in FormattersFor(obj.GetType(), mimeType))
            if (formatter.Format(obj, context))
                return;
        context.Writer.Write(obj.ToString());
    }

    /// <summary>Calls back for every value that is displayed.</summary>
    public static IDisposable SubscribeToDisplayedValues(Action<DisplayedValue> onEvent)
    {
        Displayed += onEvent;
        return System.Reactive.Disposables.Disposable.Create(() => Displayed -= onEvent);
    }

    internal static void RaiseDisplayed(DisplayedValue value) => Displayed?.Invoke(value);

    /// <summary>Closest type first; of two registrations for one type the later first; our own defaults last.</summary>
    private static IReadOnlyList<ITypeFormatter> FormattersFor(Type type, string mimeType)
    {
        lock (Gate)
        {
            var registered = Registered.Where(formatter => formatter.MimeType == mimeType).Reverse();
            return [.. TypeRank.Closest(registered, formatter => formatter.Type, type), .. DefaultFormatters.For(mimeType)];
        }
    }
}
