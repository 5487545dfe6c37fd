namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A formatter of the type <typeparamref name="T"/>.</summary>
public abstract class TypeFormatter<T> : ITypeFormatter<T>
{
    public abstract string MimeType { get; }

    public Type Type => typeof(T);

    public abstract bool Format(T value, FormatContext context);

    bool ITypeFormatter.Format(object? instance, FormatContext context) => instance is T value && Format(value, context);
}

/// <summary>A formatter made of a delegate; its type may be an open generic type.</summary>
internal sealed class DelegateFormatter(Type type, string mimeType, FormatDelegate<object> format) : ITypeFormatter
{
    public string MimeType => mimeType;

    public Type Type => type;

    public bool Format(object? instance, FormatContext context) => instance is not null && format(instance, context);
}

/// <summary>A text/html formatter.</summary>
public class HtmlFormatter<T>(FormatDelegate<T> format) : TypeFormatter<T>
{
    public HtmlFormatter(Action<T, FormatContext> format) : this((value, context) => { format(value, context); return true; }) { }

    public HtmlFormatter(Func<T, string> format) : this((value, context) => { context.Writer.Write(format(value)); return true; }) { }

    public override string MimeType => "text/html";

    public override bool Format(T value, FormatContext context) => format(value, context);
}

/// <summary>A text/plain formatter.</summary>
public class PlainTextFormatter<T>(FormatDelegate<T> format) : TypeFormatter<T>
{
    public PlainTextFormatter(Action<T, FormatContext> format) : this((value, context) => { format(value, context); return true; }) { }

    public PlainTextFormatter(Func<T, string> format) : this((value, context) => { context.Writer.Write(format(value)); return true; }) { }

    public override string MimeType => "text/plain";

    public override bool Format(T value, FormatContext context) => format(value, context);
}
