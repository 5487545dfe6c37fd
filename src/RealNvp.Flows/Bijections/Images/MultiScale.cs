using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// The multi-scale architecture: after each scale but the last, half of the channels leaves as finished latents and the other
/// half goes on, (z1, h1) = f1(x), (z2, h2) = f2(h1), ..., zL = fL(hL-1), z = (z1, ..., zL) (Dinh et al. 2017, arXiv:1605.08803,
/// section 3.6 and equations 13 to 15).
/// </summary>
/// <remarks>
/// Events are images [C, H, W], latents one vector [C H W] that holds z1, ..., zL one after the other: none is dropped, and any
/// base fits. A learned prior of the finished latents, z_k given h_k, is a last coupling of its scale
/// (<see cref="LearnedPrior"/>).
/// </remarks>
public sealed class MultiScale : Bijection
{
    private readonly ModuleList<Bijection> scales;
    private readonly long[] sizes;

    /// <summary>Joins scales; each takes what the one before it hands on, half of its channels.</summary>
    /// <exception cref="ArgumentException">There are no scales, a scale's channels cannot be halved, or neighbours do not
    /// fit.</exception>
    public MultiScale(params IReadOnlyList<Bijection> scales)
        : base(nameof(MultiScale), Checked(scales)[0].EventShape, [scales[0].EventShape!.Elements()],
        Contexts.Common(scales.Select(scale => scale.ContextSize), "Bijections"))
    {
        this.scales = new ModuleList<Bijection>([.. scales]);
        LatentShapes = [.. scales.Select((s, k) => k < scales.Count - 1 ? Half(s.LatentShape!) : s.LatentShape!)];
        sizes = [.. LatentShapes.Select(s => s.Elements())];
        RegisterComponents();
    }

    /// <summary>
    /// A learned Gaussian prior at a split: the half that leaves is N(m(h), exp(s(h))^2) given the half h that goes on.
    /// Standardised, (z - m) exp(-s), it is standard normal, so the prior is an affine coupling that keeps h and changes what
    /// leaves; put it at the end of a scale (Kingma, Dhariwal 2018, arXiv:1807.03039, their released code).
    /// </summary>
    /// <param name="channels">C of the image that is split, even.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="network">The network of m and s, from C / 2 channels to C; null is one convolution, which starts at the
    /// standard normal.</param>
    public static Coupling LearnedPrior(int channels, long height, long width, Func<int, int, Conditioner>? network = null) =>
        new(Partition.Channels(channels, height, width), new AffineTransformer(AffineOrder.ShiftThenScale, logScaleBound: 4),
            network ?? ((inputs, outputs) => new ConvConditioner(inputs, outputs)));

    /// <summary>The scales, the one next to the data first.</summary>
    public IReadOnlyList<Bijection> Scales => [.. scales];

    /// <summary>Shape [C, H, W] of each scale's latents.</summary>
    public IReadOnlyList<long[]> LatentShapes { get; }

    /// <summary>The latent vector [N, D] taken apart into each scale's image of latents.</summary>
    public Tensor[] SplitLatents(Tensor z)
    {
        Shapes.Require(GetName(), z, LatentShape, nameof(z));
        return [.. z.split(sizes, 1).Select((part, k) => part.reshape([z.size(0), .. LatentShapes[k]]))];
    }

    /// <summary>The inverse of <see cref="SplitLatents"/>.</summary>
    public Tensor JoinLatents(IReadOnlyList<Tensor> parts) => torch.cat([.. parts.Select(p => p.flatten(1))], 1);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var latents = new List<Tensor>();
        var logDet = ZeroLogDet(x);
        var h = x;
        for (var k = 0; k < scales.Count; k++)
        {
            var (y, more) = scales[k].ForwardCore(h, context.For(scales[k].ContextSize));
            logDet = logDet + more;
            if (k == scales.Count - 1)
            {
                latents.Add(y);
                break;
            }
            var halves = y.chunk(2, 1);
            h = halves[0];
            latents.Add(halves[1]);
        }
        return (JoinLatents(latents), logDet);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var latents = SplitLatents(z);
        var (h, logDet) = scales[^1].InverseCore(latents[^1], context.For(scales[^1].ContextSize));
        for (var k = scales.Count - 2; k >= 0; k--)
        {
            (h, var more) = scales[k].InverseCore(torch.cat([h, latents[k]], 1), context.For(scales[k].ContextSize));
            logDet = logDet + more;
        }
        return (h, logDet);
    }

    private static long[] Half(long[] shape) => [shape[0] / 2, .. shape[1..]];

    private static IReadOnlyList<Bijection> Checked(IReadOnlyList<Bijection> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        if (scales.Count == 0) throw new ArgumentException("A multi-scale map needs at least one scale.", nameof(scales));
        for (var k = 0; k < scales.Count; k++)
        {
            if (scales[k].EventShape is not { Length: 3 } || scales[k].LatentShape is not { Length: 3 } latent)
                throw new ArgumentException($"Scale {k} maps images [C, H, W] to images, but this one does not.", nameof(scales));
            if (k == scales.Count - 1) break;
            if (latent[0] % 2 != 0)
                throw new ArgumentException($"Scale {k} ends in {latent[0]} channels, which cannot be halved.", nameof(scales));
            if (scales[k + 1].EventShape is not { } next || !next.SequenceEqual(Half(latent)))
                throw new ArgumentException(
                    $"Scale {k} hands on {Shapes.Text(Half(latent))}, but scale {k + 1} expects "
                    + $"{Shapes.Text(scales[k + 1].EventShape ?? [])}.", nameof(scales));
        }
        return scales;
    }

    /// <inheritdoc/>
    protected override string Title =>
        $"MultiScale {Shapes.Text(EventShape!)} -> {string.Join(" + ", LatentShapes.Select(s => Shapes.Text(s)))}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => scales.Select((s, k) => StructureText.Numbered(k, s));
}
