using RealNvp.Flows.Networks;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = x + g(x) on images [C, H, W] with g of convolutions of 3 x 3, 1 x 1 and 3 x 3, its Lipschitz constant held below 1: the
/// residual flow of images (Chen, Behrmann, Duvenaud, Jacobsen 2019, arXiv:1906.02735). Each convolution is divided by a bound of
/// its spectral norm that holds for images of every size, and its nonlinearity, LipSwish, has slope at most 1.
/// </summary>
/// <remarks>
/// The inverse is a fixed point, as that of <see cref="ResidualFlow"/>. Gradients through it take the whole Jacobian, (C H W)^2
/// numbers an event.
/// </remarks>
/// <example>
/// <code>
/// var f = new ConvResidualFlow(1, 4, 4, maps: 8, ResidualLogDet.Exact);
/// var x = randn(5, 1, 4, 4);
/// var (z, logDet) = f.Forward(x);
/// Console.WriteLine(f.Inverse(z).X.allclose(x, 1e-3, 1e-4));
/// // prints True
/// </code>
/// </example>
public sealed class ConvResidualFlow : Bijection
{
    private readonly ContractiveConvNet network;
    private readonly double coefficient;
    [ComputationSetting]
    private readonly ResidualLogDet method;
    [ComputationSetting]
    private readonly int terms;

    /// <summary>Of images.</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="maps">Feature maps of the hidden layers.</param>
    /// <param name="method">How the log-determinant is taken; exactly, it costs C H W passes.</param>
    /// <param name="coefficient">c, the bound of g's Lipschitz constant, below 1.</param>
    /// <param name="terms">Terms of the power series, or those that the roulette always takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">c is not in (0, 1), or a number is not positive.</exception>
    public ConvResidualFlow(long channels, long height, long width, int maps,
        ResidualLogDet method = ResidualLogDet.RussianRoulette, double coefficient = 0.98, int terms = 4)
        : base(nameof(ConvResidualFlow), Arguments.Image(channels, height, width))
    {
        ResidualMap.RequireCoefficient(coefficient);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        network = new ContractiveConvNet([channels, height, width], Arguments.AtLeastOne(maps), coefficient);
        (this.coefficient, this.method, this.terms) = (coefficient, method, terms);
        RegisterComponents();
    }

    /// <summary>A bound of g's Lipschitz constant, c.</summary>
    public double LipschitzBound => coefficient;

    /// <summary>g(x), [N, C, H, W].</summary>
    public Tensor Residual(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(network.Bounded().Value(x.flatten(1)).view_as(x));
    }

    private ResidualMap Map() => new(network.Bounded(), method, terms);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (z, logDet) = Map().Forward(x.flatten(1));
        return (z.view_as(x), logDet);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, logDet) = Map().Inverse(z.flatten(1));
        return (x.view_as(z), logDet);
    }

    /// <inheritdoc/>
    protected override string Title => $"ConvResidualFlow {network}, Lipschitz below {LipschitzBound:g3}, {method} log-det";
}
