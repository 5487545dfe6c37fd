namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value on show, which <see cref="Update"/> replaces in place.</summary>
public class DisplayedValue(object? value, IReadOnlyList<FormattedValue> formattedValues)
{
    private readonly Action<DisplayedValue>? _publishUpdate;

    internal DisplayedValue(object? value, IReadOnlyList<FormattedValue> formattedValues, string[] mimeTypes, Action<DisplayedValue> publishUpdate)
        : this(value, formattedValues) =>
        (_mimeTypes, _publishUpdate) = (mimeTypes, publishUpdate);

    private readonly string[] _mimeTypes = [];

    public string DisplayId { get; } = Guid.NewGuid().ToString("N");

    public IReadOnlyList<FormattedValue> FormattedValues { get; private set; } = formattedValues;

    public bool IsUpdated { get; private set; }

    public object? Value { get; private set; } = value;

    /// <summary>Shows another value where this one stands, in the same MIME types if they were given.</summary>
    public void Update(object? updatedValue)
    {
        Value = updatedValue;
        IsUpdated = true;
        FormattedValues = FormattedValue.CreateManyFromObject(updatedValue, _mimeTypes);
        _publishUpdate?.Invoke(this);
    }
}
