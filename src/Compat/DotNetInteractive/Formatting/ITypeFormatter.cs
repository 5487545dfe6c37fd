namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Writes values of a type in one MIME type; returns false where it leaves the value to the next formatter.</summary>
public interface ITypeFormatter
{
    string MimeType { get; }

    Type Type { get; }

    bool Format(object? instance, FormatContext context);
}

/// <inheritdoc cref="ITypeFormatter"/>
public interface ITypeFormatter<in T> : ITypeFormatter
{
    bool Format(T instance, FormatContext context);
}

/// <summary>Writes <paramref name="value"/>; false leaves it to the next formatter.</summary>
public delegate bool FormatDelegate<in T>(T value, FormatContext context);
