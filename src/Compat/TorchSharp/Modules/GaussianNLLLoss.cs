namespace TorchSharp.Modules;

/// <summary>(log v + (x - t)^2 / v) / 2, v the variance, at least eps; with full plus log(2 pi) / 2.</summary>
public sealed class GaussianNLLLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly bool _full;
    private readonly float _eps;

    internal GaussianNLLLoss(bool full, float eps, torch.nn.Reduction reduction) : base(reduction)
    {
        _full = full;
        _eps = eps;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target, torch.Tensor variance) =>
        torch.nn.functional.gaussian_nll_loss(input, target, variance, _full, _eps, reduction);
}
