using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Block neural autoregressive flow: z_i = exp(a_i) x_i + n_i(x_1, ..., x_i) with one network for all features, whose matrices
/// are block lower triangular, the blocks on the diagonal positive, so that n_i rises in x_i; logDet = sum_i log(exp(a_i) +
/// dn_i/dx_i) (De Cao, Titov, Aziz 2019, arXiv:1904.04676).
/// </summary>
/// <remarks>
/// Each feature has a block of units of its own in every layer, with tanh between. The straight part (the paper's gated residual
/// connection) makes the map one onto the whole line. Forward is one pass of the network; the inverse finds a root for each
/// feature in turn, and is differentiated through the implicit function theorem.
/// </remarks>
public sealed class BlockAutoregressive : Bijection
{
    private readonly ModuleList<BlockDense> layers;
    private readonly Dense? fromContext;
    private readonly Parameter logSlopes;

    /// <summary>Builds the network; weights are drawn from torch's global generator.</summary>
    /// <param name="d">Features.</param>
    /// <param name="units">Hidden units of each feature, in each hidden layer.</param>
    /// <param name="hiddenLayers">Hidden layers.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">units or hiddenLayers is not positive.</exception>
    public BlockAutoregressive(int d, int units = 8, int hiddenLayers = 2, long? contextSize = null)
        : base(nameof(BlockAutoregressive), Arguments.Vector(nameof(BlockAutoregressive), d), contextSize: contextSize)
    {
        Arguments.AtLeastOne(contextSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenLayers);
        using var scope = NewDisposeScope();
        int[] widths = [1, .. Enumerable.Repeat(units, hiddenLayers), 1];
        layers = new ModuleList<BlockDense>([.. Enumerable.Range(0, widths.Length - 1)
            .Select(k => new BlockDense(d, widths[k], widths[k + 1]))]);
        fromContext = contextSize is { } size ? new Dense(size, (long)d * units) : null;
        logSlopes = new Parameter(torch.zeros(d));
        RegisterComponents();
    }

    /// <summary>z and dz_i/dx_i, [N, d] each.</summary>
    private (Tensor Z, Tensor Slopes) Evaluate(Tensor x, Tensor? context)
    {
        var (h, tangents) = (x, torch.ones_like(x).unsqueeze(2));   // tangents of feature i's units by x_i, [N, d, units]
        for (var k = 0; k < layers.Count; k++)
        {
            h = layers[k].Value(h);
            if (k == 0 && fromContext is not null) h = h + fromContext.call(context!);
            tangents = layers[k].Tangents(tangents);
            if (k == layers.Count - 1) break;
            h = h.tanh();
            tangents = tangents * (1 - h.square()).view(tangents.shape);
        }
        var straight = logSlopes.exp();
        return (x * straight + h, tangents.squeeze(2) + straight);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (z, slopes) = Evaluate(x, context);
        return (z, slopes.log().sum(1L));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var d = (int)z.size(1);
        var columns = Enumerable.Repeat(z.new_zeros(z.size(0), 1), d).ToArray();
        for (var feature = 0; feature < d; feature++)
        {
            var i = feature;
            columns[i] = RootFinding.Solve(at =>
            {
                var (value, slopes) = Evaluate(torch.cat([.. columns[..i], at, .. columns[(i + 1)..]], 1), context);
                return (value.narrow(1, i, 1), slopes.narrow(1, i, 1));
            }, z.narrow(1, i, 1));
        }
        var x = torch.cat(columns, 1);
        return (x, Evaluate(x, context).Slopes.log().sum(1L).neg());
    }

    /// <inheritdoc/>
    protected override string Title => $"BlockAutoregressive {Shapes.Text(EventShape!)}, "
        + $"{layers.Count - 1} layers of {layers[0].Outputs} units a feature"
        + (ContextSize is { } c ? $", context {c}" : "");
}
