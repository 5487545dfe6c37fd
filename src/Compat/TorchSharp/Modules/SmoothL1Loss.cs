namespace TorchSharp.Modules;

/// <summary>Quadratic up to beta, linear beyond; divided by beta.</summary>
public sealed class SmoothL1Loss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly double _beta;

    internal SmoothL1Loss(torch.nn.Reduction reduction, double beta) : base(reduction)
    {
        _beta = beta;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.smooth_l1_loss(input, target, reduction, _beta);
}
