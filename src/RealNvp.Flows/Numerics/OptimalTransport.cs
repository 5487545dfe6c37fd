using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>Pairings of two sets of n points that cost as little as can be.</summary>
internal static class OptimalTransport
{
    /// <summary>Up to here pairs are exact: the work grows as n^3.</summary>
    internal const int LargestExact = 512;

    private const double Blur = 0.02;         // of the mean cost
    private const int LargestIterations = 500;
    private const double Enough = 1e-3;       // relative error of the plan's marginals

    /// <summary>
    /// For each point of x one of y, [N], by squared distance: of all pairings the cheapest up to 512 points; above, drawn from
    /// the entropic plan, so that a point of y may be met twice.
    /// </summary>
    /// <param name="x">[N, d].</param>
    /// <param name="y">[N, d].</param>
    /// <param name="generator">Source of randomness of the entropic plan.</param>
    internal static Tensor Pair(Tensor x, Tensor y, Generator? generator)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var cost = torch.cdist(x, y).square();
        if (x.size(0) > LargestExact)
            return scope.MoveToOuter(EntropicPlan(cost).multinomial(1, generator: generator).squeeze(1));
        var flat = cost.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        return scope.MoveToOuter(torch.tensor(Assignment(flat, (int)x.size(0)), device: x.device));
    }

    /// <summary>
    /// The columns that rows 0 to n - 1 take, each once, so that the sum of their costs is the smallest: shortest augmenting
    /// paths with potentials (Jonker, Volgenant 1987), in n^3 steps.
    /// </summary>
    /// <param name="cost">Row by row, n n numbers.</param>
    /// <param name="n">Rows.</param>
    internal static long[] Assignment(double[] cost, int n)
    {
        var (rowPotential, columnPotential) = (new double[n], new double[n + 1]);
        var rowOf = new int[n + 1];        // the row that takes a column; column n stands for the row that is to be placed
        var from = new int[n];             // the column before, on the cheapest way to a column
        Array.Fill(rowOf, -1);
        for (var row = 0; row < n; row++)
        {
            rowOf[n] = row;
            var (reached, shortest) = (new bool[n + 1], new double[n]);
            Array.Fill(shortest, double.PositiveInfinity);
            var at = n;
            while (rowOf[at] >= 0)
            {
                reached[at] = true;
                var (i, next, step) = (rowOf[at], -1, double.PositiveInfinity);
                for (var j = 0; j < n; j++)
                {
                    if (reached[j]) continue;
                    var length = cost[i * n + j] - rowPotential[i] - columnPotential[j];
                    if (length < shortest[j]) (shortest[j], from[j]) = (length, at);
                    if (shortest[j] < step) (step, next) = (shortest[j], j);
                }
                for (var j = 0; j <= n; j++)
                    if (reached[j])
                    {
                        rowPotential[rowOf[j]] += step;
                        columnPotential[j] -= step;
                    }
                    else if (j < n) shortest[j] -= step;
                at = next;
            }
            for (; at != n; at = from[at]) rowOf[at] = rowOf[from[at]];
        }
        var columnOf = new long[n];
        for (var j = 0; j < n; j++) columnOf[rowOf[j]] = j;
        return columnOf;
    }

    /// <summary>
    /// The plan [N, N] of marginals 1 / N that is cheapest with its entropy's due, by Sinkhorn's iteration in logarithms (Cuturi
    /// 2013, arXiv:1306.0895), with a blur of 0.02 mean costs.
    /// </summary>
    internal static Tensor EntropicPlan(Tensor cost)
    {
        using var scope = NewDisposeScope();
        var kernel = cost / (cost.mean() * -Blur).clamp_max(-torch.finfo(cost.dtype).tiny);
        var level = -Math.Log(cost.size(0));
        var (rows, columns) = (cost.new_zeros(cost.size(0), 1), cost.new_zeros(1, cost.size(0)));
        for (var k = 0; k < LargestIterations; k++)
        {
            using var inner = NewDisposeScope();
            rows = inner.MoveToOuter(level - (kernel + columns).logsumexp(1, keepdim: true));
            var sums = (kernel + rows).logsumexp(0, keepdim: true);
            var off = (sums + columns - level).abs().max().ToDouble();
            columns = inner.MoveToOuter(level - sums);
            if (off < Enough) break;
        }
        return scope.MoveToOuter((kernel + rows + columns).exp());
    }
}
