namespace TorchSharp.Modules;

/// <summary>-x[n, t[n]], x log-probabilities [N, C, ...]</summary>
public sealed class NLLLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    internal NLLLoss(torch.Tensor? weight, torch.nn.Reduction reduction) : base(weight, reduction)
    {
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.nll_loss(input, target, weight, reduction);
}
