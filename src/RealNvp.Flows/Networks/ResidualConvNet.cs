using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// The convolutional residual network of Real NVP's image couplings: batch norm without gain, [x, -x] and the mask through ReLU,
/// a 3 x 3 convolution, pre-activation residual blocks of two 3 x 3 convolutions, a 1 x 1 skip from every stage, all summed,
/// batch norm, ReLU, and a 1 x 1 convolution that starts at zero. All convolutions are weight-normalised (Dinh et al. 2017,
/// arXiv:1605.08803, section 4.1, and their released code).
/// </summary>
/// <remarks>
/// A context [N, ContextSize] goes in as constant maps, one for each feature, or as an image that it holds flattened; the paper
/// has none. With batch norm, what the network sees is cut at 8 standard deviations, which the paper does not do either: shifts
/// grow in proportion to the input, and the next layers see what was shifted. A chequered shirt cost a model of Fashion-MNIST
/// trained without the cut 180 bits/dim, and costs one trained with it 7.6, at the same mean for other pictures. The coupling
/// stays exact: any function of the kept part will do.
/// </remarks>
public sealed class ResidualConvNet : Conditioner
{
    private const double LargestInput = 8;   // standard deviations

    private readonly BatchNorm2d? normIn;
    private readonly Tensor? mask;
    private readonly WeightNormConv2d head;
    private readonly ModuleList<ResidualBlock> blocks;
    private readonly ModuleList<WeightNormConv2d> skips;
    private readonly BatchNorm2d? normOut;
    private readonly WeightNormConv2d tail;
    private readonly ContextMaps maps;

    /// <summary>Builds the network; weights are drawn from torch's global generator.</summary>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="width">Feature maps of every inner layer.</param>
    /// <param name="blocks">Residual blocks.</param>
    /// <param name="mask">A checkerboard [1, 1, H, W] that goes in as one more channel; null for none.</param>
    /// <param name="batchNorm">Normalise features over the batch, with running statistics in evaluation.</param>
    /// <param name="contextShape">[c], features of a context; or [c, H, W], an image of the input's height and width, or of a
    /// multiple of them (it is averaged over blocks then), flattened. Null for none.</param>
    /// <exception cref="ArgumentException">contextShape is neither [c] nor [c, H, W].</exception>
    public ResidualConvNet(int inputs, int outputs, int width = 32, int blocks = 4, Tensor? mask = null, bool batchNorm = true,
        long[]? contextShape = null)
        : base(nameof(ResidualConvNet), inputs, outputs, ContextMaps.Size(contextShape))
    {
        maps = new(contextShape);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        normIn = batchNorm ? nn.BatchNorm2d(inputs, affine: false) : null;
        this.mask = mask?.detach().clone();
        head = new WeightNormConv2d(2 * inputs + (mask is null ? 0 : 1) + maps.Channels, width, 3);
        this.blocks = new ModuleList<ResidualBlock>(
            [.. Enumerable.Range(0, blocks).Select(_ => new ResidualBlock(width, batchNorm))]);
        skips = new ModuleList<WeightNormConv2d>(
            [.. Enumerable.Range(0, blocks + 1).Select(_ => new WeightNormConv2d(width, width, 1))]);
        normOut = batchNorm ? nn.BatchNorm2d(width) : null;
        tail = new WeightNormConv2d(width, outputs, 1, zero: true);
        RegisterComponents();
    }

    internal override bool? OnImages => true;

    internal override long[]? ContextImage => maps.Image;

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var shown = Shown(kept, context);
        var h = shown.ReplacedBy(head.call(shown));
        var sum = skips[0].call(h);
        for (var k = 0; k < blocks.Count; k++)
        {
            h = h.ReplacedBy(blocks[k].call(h));
            // into a convolution's output, which its gradient does not need
            sum = sum.ReplacedBy(skips[k + 1].call(h).add_(sum));
        }
        h.Dispose();
        var last = sum.ReplacedBy(sum.NormedAndRectified(normOut));
        return last.ReplacedBy(tail.call(last));
    }

    /// <summary>relu([x, -x, mask]) of the normed kept part x, and the context.</summary>
    /// <remarks>Channels are fastest in memory: convolutions take and give that order.</remarks>
    private Tensor Shown(Tensor kept, Tensor? context)
    {
        using var scope = NewDisposeScope();
        // [N, H, W, C]
        var x = (normIn is null ? kept : normIn.Finite(kept).clamp(-LargestInput, LargestInput)).permute(0, 2, 3, 1);
        List<Tensor> shown = [x, x.neg()];
        if (mask is not null) shown.Add(mask.permute(0, 2, 3, 1).expand(x.size(0), -1, -1, -1));
        var rectified = torch.cat(shown, 3).relu_();
        if (context is not null) rectified = torch.cat([rectified, maps.At(context, x.size(1), x.size(2))], 3);
        return scope.MoveToOuter(rectified.permute(0, 3, 1, 2));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"ResidualConvNet {Inputs} -> {blocks.Count} blocks of {head.parameters().Last().size(0)} maps -> "
        + $"{Outputs}{(normIn is null ? "" : ", batch norm")}{maps}";
}

/// <summary>h + conv(relu(norm(conv(relu(norm(h)))))), both convolutions 3 x 3.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly BatchNorm2d? norm1;
    private readonly WeightNormConv2d conv1;
    private readonly BatchNorm2d? norm2;
    private readonly WeightNormConv2d conv2;

    /// <summary>Of so many feature maps.</summary>
    public ResidualBlock(long width, bool batchNorm) : base(nameof(ResidualBlock))
    {
        norm1 = batchNorm ? nn.BatchNorm2d(width) : null;
        conv1 = new WeightNormConv2d(width, width, 3);
        norm2 = batchNorm ? nn.BatchNorm2d(width) : null;
        conv2 = new WeightNormConv2d(width, width, 3);
        RegisterComponents();
    }

    /// <summary>[N, width, H, W] to the same.</summary>
    public override Tensor forward(Tensor h)
    {
        var x = h.NormedAndRectified(norm1);
        x = x.ReplacedBy(conv1.call(x));
        x = x.ReplacedBy(x.NormedAndRectified(norm2));
        return x.ReplacedBy(conv2.call(x)).add_(h);
    }
}

internal static class BatchNormThenRelu
{
    /// <summary>relu(norm(h)), a new tensor; in place where the value is the norm's own and not kept for its gradient.</summary>
    internal static Tensor NormedAndRectified(this Tensor h, BatchNorm2d? norm) => norm is null ? h.relu()
        : norm.Finite(h).relu_();
}
