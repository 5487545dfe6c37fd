using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>How a formatter sees a value: as a scalar, a sequence, or named members.</summary>
internal static class ObjectShape
{
    private static readonly ConcurrentDictionary<Type, Member[]> Members = new();

    internal sealed record Member(string Name, Func<object, object?> Get)
    {
        /// <summary>The member's value, or what reading it threw.</summary>
        internal object? Read(object instance)
        {
            try
            {
                return Get(instance);
            }
            catch (Exception e)
            {
                return $"! {(e is TargetInvocationException { InnerException: { } inner } ? inner : e).Message}";
            }
        }
    }

    internal static bool IsScalar(object? value) => value is null or string or char or bool or decimal or Enum or DateTime or DateTimeOffset
        or DateOnly or TimeOnly or TimeSpan or Guid or Uri or Type or MemberInfo or Delegate or Version or IFormattable
        || value.GetType().IsPrimitive;

    internal static string ScalarText(object value) => value switch
    {
        Type type => TypeName(type),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    internal static IReadOnlyList<Member> MembersOf(Type type) => Members.GetOrAdd(type, static t =>
    [
        .. t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetMethod!.IsPublic && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike)
            .Select(p => new Member(p.Name, p.GetValue)),
        .. t.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(f => new Member(f.Name, f.GetValue)),
    ]);

    /// <summary>Named members, unless the type writes itself (a ToString of its own, and no record's or tuple's).</summary>
    internal static bool HasMembersToShow(Type type) => MembersOf(type).Count > 0
        && (IsTuple(type) || IsRecord(type) || IsAnonymous(type) || !WritesItself(type));

    /// <summary>The items, up to the limit, and how many more there are (null: not known).</summary>
    internal static (List<object?> Items, int? More) Take(IEnumerable sequence, int limit)
    {
        var items = new List<object?>();
        var enumerator = sequence.GetEnumerator();
        try
        {
            while (enumerator.MoveNext())
            {
                if (items.Count == limit) return (items, sequence is ICollection collection ? collection.Count - limit : null);
                items.Add(enumerator.Current);
            }
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }
        return (items, 0);
    }

    internal static string MoreText(int? more) => more is { } n ? $"... ({n} more)" : "... (more)";

    internal static string TypeName(Type type)
    {
        if (IsAnonymous(type)) return "(anonymous)";
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        var name = type.Name;
        if (!type.IsGenericType) return name;
        var tick = name.IndexOf('`');
        return (tick < 0 ? name : name[..tick]) + "<" + string.Join(", ", type.GetGenericArguments().Select(TypeName)) + ">";
    }

    internal static bool IsTuple(Type type) => typeof(ITuple).IsAssignableFrom(type);

    private static bool IsAnonymous(Type type) => type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null
        || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static bool WritesItself(Type type) =>
        type.GetMethod("ToString", Type.EmptyTypes)?.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType);
}
