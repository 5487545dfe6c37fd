namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Orders entries by how close their type is to a value's own type.</summary>
internal static class TypeRank
{
    private const int Interface = 1_000;
    private const int Anything = 2_000;

    /// <summary>The entries that apply to <paramref name="actual"/>: its own type, base types from near to far, interfaces, object.</summary>
    internal static IEnumerable<T> Closest<T>(IEnumerable<T> entries, Func<T, Type> typeOf, Type actual) =>
        from entry in entries
        let rank = Rank(typeOf(entry), actual)
        where rank is not null
        orderby rank
        select entry;

    private static int? Rank(Type registered, Type actual)
    {
        if (registered == typeof(object)) return Anything;
        var steps = 0;
        for (var type = actual; type is not null; type = type.BaseType, steps++)
            if (Same(registered, type))
                return steps;
        if (actual.GetInterfaces().Any(type => Same(registered, type))) return Interface;
        return registered.IsAssignableFrom(actual) ? Interface : null;
    }

    private static bool Same(Type registered, Type type) =>
        registered == type || (registered.IsGenericTypeDefinition && type.IsGenericType && type.GetGenericTypeDefinition() == registered);
}
