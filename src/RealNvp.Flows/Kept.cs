using TorchSharp;
using TorchSharp.Modules;

namespace RealNvp.Flows;

internal static class KeptTensors
{
    /// <summary>Takes a new parameter out of the dispose scope that it was made in: it lives as long as its module.</summary>
    internal static Parameter Kept(this Parameter parameter)
    {
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
