using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// An image [C, H, W] as a sequence of its patches of p x p pixels, row by row, [H W / p^2, C p^2]: a permutation, logDet = 0
/// (Dosovitskiy et al. 2021, arXiv:2010.11929, section 3.1).
/// </summary>
public sealed class Patches : Bijection
{
    private readonly long size;

    /// <summary>For images whose sides are multiples of a patch's.</summary>
    /// <exception cref="ArgumentException">Height or width is no multiple of p.</exception>
    public Patches(long channels, long height, long width, int size)
        : base(nameof(Patches), Arguments.Image(channels, height, width),
            [Math.Max(1, height / Arguments.AtLeastOne(size)) * Math.Max(1, width / size), channels * size * size])
    {
        if (height % size != 0 || width % size != 0)
            throw new ArgumentException($"Patches of {size} x {size} fill images whose height and width are multiples of {size}, "
                + $"but was given {height} x {width}.", nameof(size));
        this.size = size;
        RegisterComponents();
    }

    internal override bool OnlyMoves => true;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x.reshape(-1, EventShape![0], EventShape[1] / size, size, EventShape[2] / size, size).permute(0, 2, 4, 1, 3, 5)
            .reshape([-1, .. LatentShape!]).alias(), ZeroLogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z.reshape(-1, EventShape![1] / size, EventShape[2] / size, EventShape[0], size, size).permute(0, 3, 1, 4, 2, 5)
            .reshape([-1, .. EventShape]).alias(), ZeroLogDet(z));

    /// <inheritdoc/>
    protected override string Title => $"Patches {Shapes.Text(EventShape!)} -> {Shapes.Text(LatentShape!)}";
}
