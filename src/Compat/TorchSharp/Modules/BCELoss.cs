namespace TorchSharp.Modules;

/// <summary>-(t log x + (1 - t) log(1 - x)), x a probability</summary>
public sealed class BCELoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    internal BCELoss(torch.Tensor? weight, torch.nn.Reduction reduction) : base(weight, reduction)
    {
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.binary_cross_entropy(input, target, weight, reduction);
}
