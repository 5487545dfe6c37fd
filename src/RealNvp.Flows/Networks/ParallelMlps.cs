using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// K perceptrons of one number each, side by side: networks that are trained on different rows or labels cost little more than
/// one together, since small ones are mostly overhead.
/// </summary>
internal sealed class ParallelMlps : nn.Module<Tensor, Tensor>
{
    private readonly ParameterList weights;
    private readonly ParameterList biases;

    /// <summary>Weights and biases start uniform within Glorot's bound, as scikit-learn's classifiers do.</summary>
    internal ParallelMlps(int count, int inputs, IReadOnlyList<int> hidden) : base(nameof(ParallelMlps))
    {
        Arguments.Widths(hidden);
        int[] widths = [inputs, .. hidden, 1];
        Parameter Drawn(int k, params long[] shape)
        {
            // 6 for the rectifier, 2 for the logistic output.
            var limit = Math.Sqrt((k == widths.Length - 2 ? 2.0 : 6.0) / (widths[k] + widths[k + 1]));
            return new(torch.empty(shape).uniform_(-limit, limit));
        }
        var layers = Enumerable.Range(0, widths.Length - 1);
        weights = new([.. layers.Select(k => Drawn(k, count, widths[k], widths[k + 1]))]);
        biases = new([.. layers.Select(k => Drawn(k, count, 1, widths[k + 1]))]);
        RegisterComponents();
        foreach (var p in parameters()) p.DetachFromDisposeScope();
    }

    /// <summary>Logits [K, n] of rows [K, n, d], or of [n, d] that all see.</summary>
    public override Tensor forward(Tensor rows)
    {
        var h = rows.dim() == 3 ? rows : rows.unsqueeze(0).expand(weights[0].size(0), -1, -1);
        for (var k = 0; k < weights.Count; k++)
        {
            h = h.bmm(weights[k]) + biases[k];
            if (k < weights.Count - 1) h = h.relu();
        }
        return h.squeeze(2);
    }
}
