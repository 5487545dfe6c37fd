using static TorchSharp.torch;

namespace RealNvp.Flows;

internal static class ReplacedTensors
{
    /// <summary>Frees a tensor that nothing reads any more, and hands on what was made of it.</summary>
    /// <remarks>The next layer then works in memory that is in the cache.</remarks>
    internal static Tensor ReplacedBy(this Tensor old, Tensor made)
    {
        old.Dispose();
        return made;
    }
}
