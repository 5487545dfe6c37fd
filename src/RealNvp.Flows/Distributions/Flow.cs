using RealNvp.Flows.Bijections;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A normalizing flow: the density of x = f^-1(z) for z from a base density, log p(x) = log p_z(f(x)) + log|det df/dx|
/// (Papamakarios et al. 2021, arXiv:1912.02762, equation 3).
/// </summary>
/// <example>
/// <code>
/// var coupling = new Coupling(Partition.Halves(2), new AffineTransformer(), (i, o) =&gt; new Mlp(i, o, [32]));
/// var flow = new Flow(new Chain(coupling, new Permute([1, 0])));
/// var logProb = flow.LogProb(randn(5, 2));   // [5]
/// var x = flow.Sample(100);                  // [100, 2]
/// Console.WriteLine($"{logProb.shape[0]} {x.shape[0]} {x.shape[1]}");
/// // prints 5 100 2
/// </code>
/// </example>
public sealed class Flow : Distribution
{
    private readonly Bijection bijection;
    private readonly Distribution @base;

    /// <summary>Joins a bijection and a base density, which are the flow's from then on: they are disposed with it.</summary>
    /// <param name="bijection">f: data to latents.</param>
    /// <param name="base">The density of the latents; null is the standard normal of their shape.</param>
    /// <exception cref="ArgumentException">The latents' shape is not the base's, or is not known and no base is given; or both
    /// take contexts, of different sizes.</exception>
    public Flow(Bijection bijection, Distribution? @base = null)
        : base(nameof(Flow), Shape(bijection, @base), bijection.ContextSize ?? @base?.ContextSize)
    {
        this.bijection = bijection;
        this.@base = @base ?? new StandardNormal(bijection.LatentShape!);
        if (bijection.LatentShape is { } latent && !latent.SequenceEqual(this.@base.EventShape))
            throw new ArgumentException(
                $"The bijection's latents have shape {Shapes.Text(latent)}, but the base has events of shape "
                + $"{Shapes.Text(this.@base.EventShape)}.", nameof(@base));
        if (bijection.ContextSize is { } size && this.@base.ContextSize is { } other && size != other)
            throw new ArgumentException(
                $"A bijection and its base share one context, but these take {size} and {other} features.", nameof(@base));
        RegisterComponents();
    }

    private static long[] Shape(Bijection bijection, Distribution? @base)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return bijection.EventShape ?? @base?.EventShape
            ?? throw new ArgumentException("This bijection works on any shape, so the flow needs a base that fixes one.",
            nameof(@base));
    }

    /// <summary>f: data to latents.</summary>
    public Bijection Bijection => bijection;

    /// <summary>The density of the latents.</summary>
    public Distribution Base => @base;

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var (z, logDet) = bijection.ForwardCore(x, context.For(bijection.ContextSize));
        return @base.LogDensity(z, context.For(@base.ContextSize)) + logDet;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        bijection.InverseOnly(@base.Draw(n, context.For(@base.ContextSize), generator), context.For(bijection.ContextSize));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogProb) DrawWithLogDensity(long n, Tensor? context, Generator? generator)
    {
        var (z, logProb) = @base.DrawWithLogDensity(n, context.For(@base.ContextSize), generator);
        var (x, logDet) = bijection.InverseCore(z, context.For(bijection.ContextSize));
        return (x, logProb - logDet);
    }

    /// <summary>The structure, part by part.</summary>
    public override string ToString() =>
        StructureText.Of($"Flow on {Shapes.Text(EventShape)}, {ParameterCount():n0} parameters", [bijection, @base]);

    /// <summary>Numbers that training changes.</summary>
    public long ParameterCount() => parameters().Sum(p => p.numel());
}
