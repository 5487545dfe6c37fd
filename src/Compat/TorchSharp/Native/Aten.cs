namespace TorchSharp.Native;

/// <summary>The operators that the managed methods call, by schema name.</summary>
internal static partial class Aten
{
    internal static readonly Op AddTensor = new("aten::add", "Tensor");
}
