namespace RealNvp.Figures;

/// <summary>A plotly.js object: attributes by name, in the order they were set.</summary>
internal sealed class Props : Dictionary<string, object?>
{
    public Props() { }

    private Props(IDictionary<string, object?> from) : base(from) { }

    /// <summary>A copy whose nested objects are copies too; arrays of numbers are shared, since nothing changes them.</summary>
    public Props Copy()
    {
        Props copy = new(this);
        foreach ((string name, object? value) in this) copy[name] = CopyOf(value);
        return copy;
    }

    /// <summary>The object called <paramref name="name"/>, made where there is none.</summary>
    public Props Inner(string name)
    {
        if (TryGetValue(name, out object? value) && value is Props props) return props;
        Props made = [];
        this[name] = made;
        return made;
    }

    private static object? CopyOf(object? value) => value switch
    {
        Props props => props.Copy(),
        object?[] items when items.GetType() == typeof(object[]) => items.Select(CopyOf).ToArray(),
        _ => value,
    };
}
