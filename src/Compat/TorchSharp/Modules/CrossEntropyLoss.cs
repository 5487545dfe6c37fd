namespace TorchSharp.Modules;

/// <summary>-log softmax(x)[t]; x [N, C, ...], t classes [N, ...] or probabilities [N, C, ...]</summary>
public sealed class CrossEntropyLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
{
    private readonly long _ignore_index;

    internal CrossEntropyLoss(torch.Tensor? weight, long ignore_index, torch.nn.Reduction reduction) : base(weight, reduction)
    {
        _ignore_index = ignore_index;
    }

    public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
        torch.nn.functional.cross_entropy(input, target, weight, _ignore_index, reduction);
}
