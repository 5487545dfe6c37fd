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
        // Reduced costs, cost - rowPotential - columnPotential, stay at 0 or above, and are 0 between partners.
        var (rowPotential, columnPotential) = (new double[n], new double[n]);
        var (columnOf, rowOf) = (new int[n], new int[n]);
        Array.Fill(columnOf, -1);
        Array.Fill(rowOf, -1);
        for (var j = 0; j < n; j++)
        {
            var best = 0;
            for (var i = 1; i < n; i++) if (cost[i * n + j] < cost[best * n + j]) best = i;
            columnPotential[j] = cost[best * n + j];
            if (columnOf[best] < 0) (columnOf[best], rowOf[j]) = (j, best);
        }
        var (shortest, from, open, reached) = (new double[n], new int[n], new int[n], new List<int>(n));
        for (var row = 0; row < n; row++)
        {
            if (columnOf[row] >= 0) continue;
            // Dijkstra's way from the row to the nearest column that is free.
            Array.Fill(shortest, double.PositiveInfinity);
            for (var j = 0; j < n; j++) open[j] = j;
            reached.Clear();
            var (at, length, count, end) = (row, 0.0, n, -1);
            while (end < 0)
            {
                var (nearest, where) = (double.PositiveInfinity, 0);
                var costs = cost.AsSpan(at * n, n);
                var sum = length - rowPotential[at];
                for (var k = 0; k < count; k++)
                {
                    var j = open[k];
                    var through = sum + costs[j] - columnPotential[j];
                    if (through < shortest[j]) (shortest[j], from[j]) = (through, at);
                    if (shortest[j] < nearest) (nearest, where) = (shortest[j], k);
                }
                var next = open[where];
                (length, open[where]) = (nearest, open[--count]);
                if (rowOf[next] < 0) end = next;
                else at = rowOf[next];
                reached.Add(next);
            }
            rowPotential[row] += length;
            foreach (var j in reached)
            {
                columnPotential[j] += shortest[j] - length;
                if (rowOf[j] >= 0) rowPotential[rowOf[j]] += length - shortest[j];
            }
            for (var j = end; j >= 0;) (rowOf[j], columnOf[from[j]], j) = (from[j], j, columnOf[from[j]]);
        }
        return Array.ConvertAll(columnOf, column => (long)column);
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
