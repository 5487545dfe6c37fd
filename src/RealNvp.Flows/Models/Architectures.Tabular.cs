using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// A flow for tables of some to some hundred features: layers of a linear map of all features (LU) and a rational-quadratic
    /// spline coupling with a residual network, the coupling form that does best on the usual tables (RQ-NSF (C); Durkan,
    /// Bekasov, Murray, Papamakarios 2019, arXiv:1906.04032, section 5.1). It starts near a rotation of the data; standardise the
    /// data, or hand it to the other form. What the networks see of a feature levels off from three quarters of the bound on.
    /// </summary>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Linear maps, and as many couplings.</param>
    /// <param name="width">Width of the residual networks.</param>
    /// <param name="blocks">Residual blocks of each.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound].</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow Tabular(int dim, int layers = 6, int width = 64, int blocks = 2, int bins = 8, double bound = 4,
        long? contextSize = null) =>
        new(new Chain([.. TabularLayers(dim, layers, width, blocks, bins, bound, contextSize)]));

    /// <summary>
    /// The same after a standardisation fitted to data [N, dim]: it takes the data, gives samples and measures likelihoods on
    /// their own scale. Like every new model it is in torch's default dtype, whatever that of the data.
    /// </summary>
    /// <param name="data">Data [N, dim], all of it finite.</param>
    /// <param name="layers">Linear maps, and as many couplings.</param>
    /// <param name="width">Width of the residual networks.</param>
    /// <param name="blocks">Residual blocks of each.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound], in standard deviations.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">The data are no table [N, dim] of at least two features, a value is not finite, a
    /// feature does not vary, or torch's default dtype cannot tell a feature's values apart; the feature is named.</exception>
    public static Flow Tabular(Tensor data, int layers = 6, int width = 64, int blocks = 2, int bins = 8, double bound = 4,
        long? contextSize = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.dim() != 2)
            throw new ArgumentException($"A table has shape [N, features], but was given {Shapes.Text(data.shape)}.",
                nameof(data));
        RequireTwoFeatures((int)data.size(1), nameof(data));
        Data.Finite.RequireFittable(nameof(Tabular), data, nameof(data));
        using var scope = NewDisposeScope();
        var dtype = torch.get_default_dtype();   // the dtype that the other layers have
        Data.Rounding.Require(data, dtype, nameof(data));
        var standardize = Standardize.Fit(data).to(dtype);
        return new(new Chain([standardize,
        .. TabularLayers((int)data.size(1), layers, width, blocks, bins, bound, contextSize)]));
    }

    /// <summary>
    /// The same for columns that are not free: each support maps its columns onto the line, z is standardised, and the flow
    /// works on that. It has no mass outside of the supports, and its samples lie inside.
    /// </summary>
    /// <param name="data">Data [N, columns], all of it finite and inside.</param>
    /// <param name="supports">What the columns may hold, from the first to the last; none is inferred.</param>
    /// <param name="layers">Linear maps, and as many couplings.</param>
    /// <param name="width">Width of the residual networks.</param>
    /// <param name="blocks">Residual blocks of each.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound], in standard deviations of z.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">The supports take another number of columns than the data have, a value lies outside
    /// of its support (row and column are named), is not finite, or a feature does not vary.</exception>
    public static Flow Tabular(Tensor data, IReadOnlyList<Support> supports, int layers = 6, int width = 64, int blocks = 2,
        int bins = 8, double bound = 4, long? contextSize = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(supports);
        if (data.dim() != 2)
            throw new ArgumentException($"A table has shape [N, features], but was given {Shapes.Text(data.shape)}.",
                nameof(data));
        if (supports.FirstOrDefault(s => s is { IsDiscrete: true }) is { } discrete)
            throw new ArgumentException($"A density is of real numbers, but a column holds {discrete}; {nameof(MixedTable)}"
                + "(data, supports) bounds the probability of such tables.", nameof(supports));
        Data.Finite.RequireFittable(nameof(Tabular), data, nameof(data), varies: false);
        using var scope = NewDisposeScope();
        var x = data.detach().to(torch.get_default_dtype());
        Support.RequireAll(supports, x, nameof(data), nameof(supports));
        var toLine = Support.ToLine(supports);
        Tensor z;
        using (torch.no_grad()) z = toLine.Forward(x.cpu()).Z;
        Data.Finite.RequireFittable(nameof(Tabular), z, nameof(data));
        return new(new Chain([toLine, Standardize.Fit(z),
        .. TabularLayers((int)z.size(1), layers, width, blocks, bins, bound, contextSize)]));
    }

    private static IEnumerable<Bijection> TabularLayers(int dim, int layers, int width, int blocks, int bins, double bound,
        long? contextSize)
    {
        Arguments.AtLeastOne(width);
        var spline = new RationalQuadraticTransformer(bins, bound);
        return Alternating(dim, layers).SelectMany<Partition, Bijection>(partition =>
        [
            new LuLinear(dim),
            new Coupling(partition, spline, (inputs, outputs) =>
                new ResidualMlp(inputs, outputs, width, blocks, contextSize: contextSize) { Far = FarInputs.OfSpline(bound) }),
        ]);
    }
}
