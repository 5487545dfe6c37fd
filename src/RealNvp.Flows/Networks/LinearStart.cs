using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

internal static class LinearStart
{
    /// <summary>Sets weight and bias to zero.</summary>
    internal static void StartAtZero(this Linear layer)
    {
        using var guard = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        layer.weight.zero_();
        layer.bias?.zero_();
    }
}
