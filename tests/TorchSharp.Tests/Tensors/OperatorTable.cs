using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>The values of fixtures/operators.json, and how they are compared.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["float64"] = float64,
        ["float32"] = float32,
        ["int64"] = int64,
        ["int32"] = int32,
        ["bool"] = torch.@bool,
    };

    private static readonly JsonElement Root = Fixture.Load("operators.json");

    internal static readonly Dictionary<string, Tensor> Inputs = Root.GetProperty("inputs").EnumerateObject().ToDictionary(p => p.Name, p => Read(p.Value));

    internal static IEnumerable<JsonElement> Methods => Root.GetProperty("methods").EnumerateArray();

    internal static readonly Dictionary<string, JsonElement> Cases =
        Root.GetProperty("cases").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("outputs"));

    private static Tensor Read(JsonElement e)
    {
        long[] shape = [.. e.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())];
        var type = Types[e.GetProperty("dtype").GetString()!];
        var values = e.GetProperty("values").EnumerateArray().ToList();
        return is_floating_point(type)
            ? tensor(values.Select(v => double.Parse(Number(v.GetString()!), CultureInfo.InvariantCulture)).ToArray(), type).view(shape)
            : tensor(values.Select(v => v.GetInt64()).ToArray(), type).view(shape);
    }

    private static string Number(string python) => python switch
    {
        "nan" => "NaN",
        "inf" => "Infinity",
        "-inf" => "-Infinity",
        _ => python,
    };

    /// <summary>Shape, dtype and values. float64 of the same kernels differs by the order of sums and of vector lanes: some units in the last place.</summary>
    internal static void Same(JsonElement expected, Tensor[] actual, string what)
    {
        Assert.True(expected.GetArrayLength() == actual.Length, $"{what}: expected {expected.GetArrayLength()} tensors, got {actual.Length}");
        foreach (var (wanted, got) in expected.EnumerateArray().Select(Read).Zip(actual))
        {
            Assert.True(wanted.shape.SequenceEqual(got.shape), $"{what}: expected [{string.Join(", ", wanted.shape)}], got [{string.Join(", ", got.shape)}]");
            Assert.True(wanted.dtype == got.dtype, $"{what}: expected {wanted.dtype}, got {got.dtype}");
            var same = is_floating_point(wanted.dtype)
                ? wanted.allclose(got, rtol: wanted.dtype == float32 ? 1e-6 : 1e-11, atol: 1e-13, equal_nan: true)
                : wanted.Equals(got);
            Assert.True(same, $"{what}: expected {wanted.npstr(fltFormat: "g17")}, got {got.npstr(fltFormat: "g17")}");
        }
    }
}
