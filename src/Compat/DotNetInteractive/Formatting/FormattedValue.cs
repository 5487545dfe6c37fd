namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value written in one MIME type.</summary>
public class FormattedValue(string mimeType, string value)
{
    public string MimeType { get; } = !string.IsNullOrWhiteSpace(mimeType)
        ? mimeType
        : throw new ArgumentException("a MIME type is expected, an empty one was given", nameof(mimeType));

    public string Value { get; } = value;

    public bool SuppressDisplay { get; set; }

    /// <summary>The value in each of the given MIME types, or in those that its type prefers.</summary>
    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[] mimeTypes)
    {
        IEnumerable<string> types = mimeTypes is { Length: > 0 } ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType());
        return [.. types.Distinct().Select(type => new FormattedValue(type, value.ToDisplayString(type)))];
    }

    public static FormattedValue CreateSingleFromObject(object? value, string? mimeType = null)
    {
        mimeType ??= Formatter.GetPreferredMimeTypesFor(value?.GetType()).First();
        return new FormattedValue(mimeType, value.ToDisplayString(mimeType));
    }

    public override string ToString() => $"{MimeType}: {Value}";
}
