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
            : tensor(values.Select(v => v.GetDouble()).ToArray()).view(shape);
    }

    internal static double[] Doubles(JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];
}
