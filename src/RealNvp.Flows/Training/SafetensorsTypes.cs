using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>The format's dtypes, which torch has too.</summary>
internal static class SafetensorsTypes
{
    private static readonly (ScalarType Type, string Name, int Bytes)[] All =
    [
        (ScalarType.Bool, "BOOL", 1), (ScalarType.Byte, "U8", 1), (ScalarType.Int8, "I8", 1), (ScalarType.Int16, "I16", 2),
        (ScalarType.Int32, "I32", 4), (ScalarType.Int64, "I64", 8), (ScalarType.Float16, "F16", 2),
        (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Float32, "F32", 4), (ScalarType.Float64, "F64", 8),
    ];

    internal static (string Name, int Bytes)? Of(ScalarType type) =>
        All.FirstOrDefault(t => t.Type == type) is { Name: { } name, Bytes: var bytes } ? (name, bytes) : null;

    internal static (ScalarType Type, int Bytes)? Named(string name) =>
        All.FirstOrDefault(t => t.Name == name) is { Name: not null } found ? (found.Type, found.Bytes) : null;
}
