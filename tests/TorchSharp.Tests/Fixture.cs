using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Reads what the scripts under fixtures/ wrote.</summary>
internal static class Fixture
{
    internal static JsonElement Load(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "fixtures", name));
        return JsonDocument.Parse(stream).RootElement;
    }

    internal static Tensor ToTensor(JsonElement e)
    {
        long[] shape = [.. e.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())];
        var values = e.GetProperty("values").EnumerateArray();
        return e.GetProperty("dtype").GetString() == "int64"
            ? tensor(values.Select(v => v.GetInt64()).ToArray()).view(shape)
            : tensor(values.Select(Number).ToArray()).view(shape);
    }

    // Strings stand for what JSON has no number for: "nan", "inf", "-inf".
    private static double Number(JsonElement v) => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : v.GetString() switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        _ => double.NegativeInfinity,
    };

    internal static double[] Doubles(JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];
}
