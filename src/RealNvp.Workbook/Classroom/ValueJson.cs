using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Values between the process that runs a student's notebook and the one that runs the tests: numbers, booleans, strings,
/// tensors, and arrays, lists and tuples of them. Both ends know the static type, so the text does not carry it: what comes back
/// can only be a value of that type.
/// </summary>
internal static class ValueJson
{
    private const int MostBytes = 8 << 20;
    private const int MostDimensions = 16;
    private const int MostItems = 100_000;

    private static readonly Dictionary<string, ScalarType> Dtypes =
        ((ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16,
        ScalarType.Int8, ScalarType.Byte, ScalarType.Bool])
        .ToDictionary(type => type.ToString(), StringComparer.Ordinal);

    /// <summary>A value of a type as JSON.</summary>
    /// <exception cref="FormatException">The type is not one that can be sent, or the value is too large.</exception>
    internal static JsonNode? Write(object? value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) type = inner;
        if (value is null) return null;
        if (type == typeof(Tensor)) return WriteTensor((Tensor)value);
        if (type == typeof(string)) return JsonValue.Create((string)value);
        if (type == typeof(bool)) return JsonValue.Create((bool)value);
        if (IsNumber(type)) return JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture));
        if (TupleTypes(type) is { } types)
        {
            var tuple = (ITuple)value;
            return new JsonArray([.. types.Select((t, i) => Write(tuple[i], t))]);
        }
        if (ItemType(type) is { } item)
            return new JsonArray([.. ((IEnumerable)value).Cast<object?>().Take(MostItems + 1).Select(v => Write(v, item))]);
        throw Unsupported(type);
    }

    /// <summary>The value of a type that <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is not a value of that type.</exception>
    internal static object? Read(JsonNode? node, Type type)
    {
        try
        {
            return ReadAs(node, type);
        }
        catch (Exception e) when (
            e is InvalidOperationException or OverflowException or InvalidCastException or ArgumentException or NullReferenceException)
        {
            throw new FormatException($"expected a value of type {type.Name}, got {Short(node)}", e);
        }
    }

    /// <summary>Whether values of the type can be sent.</summary>
    internal static bool Supports(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(Tensor) || type == typeof(string) || type == typeof(bool) || IsNumber(type)
            || (TupleTypes(type)?.All(Supports) ?? (ItemType(type) is { } item && Supports(item)));
    }

    private static object? ReadAs(JsonNode? node, Type type)
    {
        if (node is null) return null;
        if (Nullable.GetUnderlyingType(type) is { } inner) type = inner;
        if (type == typeof(Tensor)) return ReadTensor(node.AsObject());
        if (type == typeof(string)) return node.GetValue<string>();
        if (type == typeof(bool)) return node.GetValue<bool>();
        if (IsNumber(type)) return Convert.ChangeType(node.GetValue<string>(), type, CultureInfo.InvariantCulture);
        if (TupleTypes(type) is { } types)
        {
            var parts = node.AsArray();
            if (parts.Count != types.Length) throw new FormatException($"expected {types.Length} values, got {parts.Count}");
            return Activator.CreateInstance(type, [.. types.Select((t, i) => ReadAs(parts[i], t))]);
        }
        if (ItemType(type) is { } item)
        {
            var values = node.AsArray();
            if (values.Count > MostItems) throw new FormatException($"expected at most {MostItems} values, got {values.Count}");
            var array = Array.CreateInstance(item, values.Count);
            for (var i = 0; i < values.Count; i++) array.SetValue(ReadAs(values[i], item), i);
            return type.IsArray || type.IsInterface ? array : Activator.CreateInstance(type, array);
        }
        throw Unsupported(type);
    }

    private static JsonObject WriteTensor(Tensor tensor)
    {
        if (!Dtypes.ContainsKey(tensor.dtype.ToString()))
            throw new FormatException($"expected a tensor of one of {string.Join(", ", Dtypes.Keys)}, got {tensor.dtype}");
        using var scope = NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        if (plain.numel() * plain.element_size() > MostBytes)
            throw new FormatException($"expected a tensor of at most {MostBytes >> 20} MiB, got "
                + $"[{string.Join(", ", plain.shape)}] of {plain.dtype}");
        return new JsonObject
        {
            ["dtype"] = plain.dtype.ToString(),
            ["shape"] = new JsonArray([.. plain.shape.Select(n => (JsonNode)n)]),
            ["data"] = Convert.ToBase64String(plain.bytes),
        };
    }

    private static Tensor ReadTensor(JsonObject json)
    {
        var name = json["dtype"]!.GetValue<string>();
        if (!Dtypes.TryGetValue(name, out var dtype))
            throw new FormatException($"expected a dtype of {string.Join(", ", Dtypes.Keys)}, got {name}");
        long[] shape = [.. json["shape"]!.AsArray().Select(n => n!.GetValue<long>())];
        var data = Convert.FromBase64String(json["data"]!.GetValue<string>());
        if (shape.Length > MostDimensions || shape.Any(n => n < 0)) throw new FormatException("expected a tensor's shape");
        var items = shape.Aggregate(1L, (product, n) => checked(product * n));
        if (items > MostBytes) throw new FormatException($"expected a tensor of at most {MostBytes >> 20} MiB");
        var tensor = torch.empty(shape, dtype);
        if (items * tensor.element_size() != data.Length)
            throw new FormatException($"expected {items} numbers, got {data.Length} bytes");
        if (data.Length > 0) tensor.bytes = data;
        return tensor;
    }

    private static bool IsNumber(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(int) || type == typeof(long);

    private static Type[]? TupleTypes(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(ITuple)) && type.IsValueType
        && type.GetGenericArguments() is { Length: <= 7 } types ? types : null;

    private static Type? ItemType(Type type)
    {
        if (type.IsArray) return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        return type.IsGenericType && type.GetGenericTypeDefinition() is var open
            && (open == typeof(List<>) || open == typeof(IReadOnlyList<>) || open == typeof(IEnumerable<>)
            || open == typeof(IList<>))
            ? type.GetGenericArguments()[0] : null;
    }

    private static FormatException Unsupported(Type type) =>
        new("a function under test takes and returns numbers, booleans, strings, tensors, and arrays, lists and tuples of "
        + $"them; {type.Name} is none of these");

    private static string Short(JsonNode? node) =>
        (node?.ToJsonString() ?? "nothing") is { Length: > 60 } text ? text[..57] + "..." : node?.ToJsonString() ?? "nothing";
}
