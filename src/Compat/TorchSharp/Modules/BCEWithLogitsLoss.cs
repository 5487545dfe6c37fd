namespace TorchSharp.Modules;

/// <summary>Binary cross entropy of sigmoid(x), in a form that does not overflow.</summary>
public sealed class BCEWithLogitsLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly torch.Tensor? _pos_weights;

    internal BCEWithLogitsLoss(torch.Tensor? weight, torch.nn.Reduction reduction, torch.Tensor? pos_weights)
        : base(weight, reduction)
    {
        _pos_weights = pos_weights;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.binary_cross_entropy_with_logits(input, target, weight, reduction, _pos_weights);
}
