using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A coupling of images over a checkerboard: z = m x + (1 - m) tau(x; c(m x)), with m = 1 on one colour (Dinh et al. 2017,
/// arXiv:1605.08803, section 3.4 and equation 9). Convolutions need the image's grid, so the kept part goes in as a masked image.
/// </summary>
public sealed class CheckerboardCoupling : Bijection
{
    private readonly Transformer transformer;
    private readonly Conditioner conditioner;
    private readonly Tensor keep;

    /// <summary>For images [channels, height, width].</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="transformer">How a pixel is changed.</param>
    /// <param name="conditioner">From a masked image of C channels to P C channels of parameters.</param>
    /// <param name="swapped">Keep the other colour.</param>
    /// <exception cref="ArgumentException">The conditioner's channels do not fit, or the image has a single pixel.</exception>
    public CheckerboardCoupling(int channels, long height, long width, Transformer transformer, Conditioner conditioner,
        bool swapped = false)
        : base(nameof(CheckerboardCoupling), Arguments.Image(channels, height, width),
            contextSize: (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).ContextSize)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (height * width < 2)
            throw new ArgumentException($"A checkerboard needs at least 2 pixels, but was given {height} x {width}: one part "
                + "would be empty.", nameof(height));
        var outputs = channels * transformer.ParametersPerElement;
        if (conditioner.Inputs != channels || conditioner.Outputs != outputs)
            throw new ArgumentException(
                $"This coupling needs a conditioner from {channels} channels to {outputs}, but was given one from "
                + $"{conditioner.Inputs} to {conditioner.Outputs}.", nameof(conditioner));
        conditioner.RequireKindOf(EventShape!);
        this.transformer = transformer;
        this.conditioner = conditioner;
        keep = Mask(height, width, swapped);
        Swapped = swapped;
        RegisterComponents();
    }

    /// <summary>Whether the other colour is kept.</summary>
    public bool Swapped { get; }

    /// <summary>m [1, 1, H, W]: 1 where i + j is even, or odd when swapped.</summary>
    public static Tensor Mask(long height, long width, bool swapped = false)
    {
        Arguments.Image(1, height, width);
        using var scope = NewDisposeScope();
        var sum = torch.arange(height).unsqueeze(1) + torch.arange(width).unsqueeze(0);
        return scope.MoveToOuter(sum.remainder(2).eq(swapped ? 1 : 0).to(torch.float32).view(1, 1, height, width));
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();   // a layer's intermediates go before the next layer needs memory
        var kept = x * keep;
        var (y, log) = transformer.Forward(x, conditioner.call(kept, context));
        var change = 1 - keep;
        return scope.MoveToOuter(kept + y * change, SumOverEvent(log?.mul(change), x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var kept = z * keep;
        var (x, log) = transformer.Inverse(z, conditioner.call(kept, context));
        var change = 1 - keep;
        return scope.MoveToOuter(kept + x * change, SumOverEvent(log?.mul(change), z));
    }

    /// <inheritdoc/>
    protected override string Title => $"CheckerboardCoupling, {transformer}{(Swapped ? ", swapped" : "")}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
