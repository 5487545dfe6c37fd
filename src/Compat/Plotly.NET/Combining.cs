using System.Collections;

namespace Plotly.NET;

/// <summary>The merge that Layout, Config and DisplayOptions share.</summary>
internal static class Combining
{
    public static T Merge<T>(T first, T second, IEnumerable<string> joinedLists) where T : DynamicObj.DynamicObj
    {
        List<(string Name, object[] Items)> joined = [];
        foreach (string name in joinedLists)
        {
            object[] items = [.. Items(first, name), .. Items(second, name)];
            if (items.Length > 0) joined.Add((name, items));
        }
        DynamicObj.DynObj.combine(first, second);
        foreach ((string name, object[] items) in joined) first.SetProperty(name, items);
        return first;
    }

    private static IEnumerable<object> Items(DynamicObj.DynamicObj from, string name) =>
        from.TryGetPropertyValue(name) is { Value: IEnumerable items and not string } ? items.Cast<object>() : [];
}
