using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Probabilities of whole numbers, independent elements, each a mixture of logistics over unit intervals: P(z) = sum_k w_k
/// (sigma((z + 1/2 - m_k) / s_k) - sigma((z - 1/2 - m_k) / s_k)), 0 of what is no whole number (Hoogeboom et al. 2019,
/// arXiv:1905.07376, section 4.2; Salimans et al. 2017, arXiv:1701.05517, equation 2). The base of an integer flow: the flow's
/// LogProb is then log P(x) of the data themselves, no bound.
/// </summary>
public sealed class DiscretizedLogistics : Distribution
{
    private readonly Parameter logits;
    private readonly Parameter means;
    private readonly Parameter logScales;
    private readonly int levels;

    /// <summary>Starts with means spread over the levels.</summary>
    /// <param name="eventShape">Shape of one event.</param>
    /// <param name="levels">L, the unit of means and scales: the data are whole numbers 0 to L - 1, or about that.</param>
    /// <param name="components">K.</param>
    /// <exception cref="ArgumentException">The shape is empty, levels is below 2 or components below 1.</exception>
    public DiscretizedLogistics(long[] eventShape, int levels = 256, int components = 5)
        : base(nameof(DiscretizedLogistics), eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        if (eventShape.Length == 0 || eventShape.Any(s => s < 1))
            throw new ArgumentException($"Events have at least one dimension of positive size, but was given "
                + $"{Shapes.Text(eventShape)}.", nameof(eventShape));
        this.levels = levels;
        using var scope = NewDisposeScope();
        long[] shape = [.. eventShape, components];
        logits = new Parameter(torch.zeros(shape));
        means = new Parameter(((torch.arange(components) + 0.5) / components).expand(shape).clone());
        logScales = new Parameter(torch.full(shape, -Math.Log(4.0 * components)));
        RegisterComponents();
    }

    /// <summary>K.</summary>
    public int Components => (int)logits.size(-1);

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var z = x.unsqueeze(-1);
        var perUnit = logScales.neg().exp() / levels;   // 1 / s
        var (above, below) = ((z + 0.5 - means * levels) * perUnit, (z - 0.5 - means * levels) * perUnit);
        // sigma(b) - sigma(a) = sigma(b) sigma(-a) (1 - exp(a - b)): no difference of numbers that are nearly equal.
        var log = nn.functional.logsigmoid(above) + nn.functional.logsigmoid(below.neg()) + perUnit.neg().expm1().neg().log();
        var each = (log + logits.log_softmax(-1)).logsumexp(-1);
        return each.masked_fill(x.ne(x.round()), double.NegativeInfinity).flatten(1).sum(1L);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        using var guard = torch.no_grad();
        var weights = logits.softmax(-1).flatten(0, -2);                                            // [D, K]
        if (n == 0) return means.new_empty([0, .. EventShape]);
        var which = weights.multinomial(n, replacement: true, generator: generator);                // [D, n]
        var mean = (means * levels).flatten(0, -2).gather(1, which);
        var scale = (logScales.exp() * levels).flatten(0, -2).gather(1, which);
        var u = torch.rand(which.shape, means.dtype, means.device, generator: generator);
        var tiny = torch.finfo(means.dtype).eps;
        return (mean + scale * u.clamp(tiny, 1 - tiny).logit()).round().t().reshape([n, .. EventShape]);
    }

    /// <summary>Each element's weights, means and scales, [D][K], in float64.</summary>
    internal (double[] Weights, double[] Means, double[] Scales)[] Elements()
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        double[][] Rows(Tensor x) => [.. x.cpu().reshape(-1, Components).unbind(0).Select(row => row.data<double>().ToArray())];
        var w = Rows(logits.to(float64).softmax(-1));
        var (m, s) = (Rows(means.to(float64) * levels), Rows(logScales.to(float64).exp() * levels));
        return [.. Enumerable.Range(0, w.Length).Select(k => (w[k], m[k], s[k]))];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"DiscretizedLogistics {Shapes.Text(EventShape)}, {Components} a number, {levels} levels";
}
