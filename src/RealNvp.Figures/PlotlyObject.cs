namespace RealNvp.Figures;

/// <summary>A plotly.js object: attributes by name, in the order they were set.</summary>
internal sealed class PlotlyObject : Dictionary<string, object?>
{
    public PlotlyObject() { }

    private PlotlyObject(IDictionary<string, object?> from) : base(from) { }

    /// <summary>A copy whose nested objects are copies too; arrays of numbers are shared, since nothing changes them.</summary>
    public PlotlyObject Copy()
    {
        PlotlyObject copy = new(this);
        foreach ((var name, var value) in this) copy[name] = CopyOf(value);
        return copy;
    }

    /// <summary>The object called <paramref name="name"/>, made where there is none.</summary>
    public PlotlyObject Inner(string name)
    {
        if (TryGetValue(name, out var value) && value is PlotlyObject props) return props;
        PlotlyObject made = [];
        this[name] = made;
        return made;
    }

    private static object? CopyOf(object? value) => value switch
    {
        PlotlyObject props => props.Copy(),
        object?[] items when items.GetType() == typeof(object[]) => items.Select(CopyOf).ToArray(),
        _ => value,
    };
}
