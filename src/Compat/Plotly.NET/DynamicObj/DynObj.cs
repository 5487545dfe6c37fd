namespace DynamicObj;

/// <summary>Functions on <see cref="DynamicObj"/>.</summary>
public static class DynObj
{
    /// <summary>An object with the given properties.</summary>
    public static DynamicObj ofSeq(IEnumerable<Tuple<string, object>> dynamicProperties)
    {
        DynamicObj result = new();
        foreach ((string name, object value) in dynamicProperties) result.SetProperty(name, value);
        return result;
    }

    /// <summary>Merges the properties of <paramref name="second"/> into <paramref name="first"/>, object into object, and returns
    /// <paramref name="first"/>; where both have a value the second's wins.</summary>
    public static DynamicObj combine(DynamicObj first, DynamicObj second)
    {
        foreach ((string name, object? value) in second.GetProperties(true))
        {
            bool nested = value is DynamicObj && first.TryGetPropertyValue(name) is { Value: DynamicObj };
            first.SetProperty(name, nested ? combine((DynamicObj)first.TryGetPropertyValue(name).Value!, (DynamicObj)value!) : value);
        }
        return first;
    }
}
