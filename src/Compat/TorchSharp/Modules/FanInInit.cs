namespace TorchSharp.Modules;

/// <summary>
/// PyTorch's start for linear and convolution layers: weight and bias uniform within 1 / sqrt(fan in) (the weight as Kaiming's
/// uniform with a = sqrt(5)).
/// </summary>
internal static class FanInInit
{
    internal static void Apply(Parameter weight, Parameter? bias)
    {
        if (weight.numel() > 0) torch.nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(weight);
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        torch.nn.init.uniform_(bias, -bound, bound);
    }
}
