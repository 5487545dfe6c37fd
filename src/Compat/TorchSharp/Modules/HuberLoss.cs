namespace TorchSharp.Modules;

/// <summary>Quadratic up to delta, linear beyond.</summary>
public sealed class HuberLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly double _delta;

    internal HuberLoss(double delta, torch.nn.Reduction reduction) : base(reduction)
    {
        _delta = delta;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.huber_loss(input, target, _delta, reduction);
}
