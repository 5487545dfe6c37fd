namespace TorchSharp.Modules;

/// <summary>
/// exp(t) (t - x) where the target holds logarithms (the default here), else t (log t - x); x log-probabilities.
/// </summary>
public sealed class KLDivLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly bool _log_target;

    internal KLDivLoss(bool log_target, torch.nn.Reduction reduction) : base(reduction)
    {
        _log_target = log_target;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.kl_div(input, target, _log_target, reduction);
}
