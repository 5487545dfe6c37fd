namespace RealNvp.Figures;

/// <summary>A list of numbers; made from a tensor [N] or an array.</summary>
public readonly partial struct Series
{
    private Series(double[] values) => Values = values;

    internal double[] Values { get; }

    internal int Count => Values?.Length ?? 0;

    /// <summary>A series from doubles.</summary>
    public static implicit operator Series(double[] values) => new(values ?? throw new ArgumentNullException(nameof(values)));

    /// <summary>A series from singles.</summary>
    public static implicit operator Series(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Series([.. values.Select(value => (double)value)]);
    }

    /// <summary>A series from integers.</summary>
    public static implicit operator Series(int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Series([.. values.Select(value => (double)value)]);
    }

    /// <summary>A series from a list.</summary>
    public static implicit operator Series(List<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Series([.. values]);
    }
}
