using RealNvp.Flows.Bijections;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// From data [N, ...] to features [N, k]: each number standardised (one that does not vary is moved to 0), then a network, or the
/// numbers themselves.
/// </summary>
internal sealed class StandardizedEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Standardize standardize;
    private readonly nn.Module<Tensor, Tensor>? network;

    internal StandardizedEmbedding(Tensor data, nn.Module<Tensor, Tensor>? network) : base(nameof(StandardizedEmbedding))
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var wide = data.to(torch.float64);
        var scale = wide.std(0L, unbiased: false);
        standardize = new(wide.mean([0]).to(data.dtype), torch.where(scale.gt(0), scale, torch.ones_like(scale)).to(data.dtype));
        this.network = network;
        RegisterComponents();
    }

    public override Tensor forward(Tensor data)
    {
        var seen = standardize.Forward(data).Z;
        return network is null ? seen.flatten(1) : network.call(seen);
    }

    public override string ToString() => network is null ? "standardised" : $"standardised, {network.GetName()}";
}
