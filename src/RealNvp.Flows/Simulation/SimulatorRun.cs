using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>A simulator at work: what it gave row by row, and the draws at which it failed.</summary>
internal sealed class SimulatorRun(Func<Tensor, Tensor> simulator) : IDisposable
{
    private long[]? shape;

    internal List<Tensor> Theta { get; } = [];

    internal List<Tensor> X { get; } = [];

    internal List<Tensor> Failed { get; } = [];

    internal long Threw { get; private set; }

    internal Exception? FirstFailure { get; private set; }

    /// <summary>Simulates parameters [n, D]; what is kept goes to the scope around the caller's.</summary>
    internal void Take(Tensor theta)
    {
        using var scope = NewDisposeScope();
        if (Simulated(theta) is not { } x) return;
        var finite = FiniteRows(x);
        var kept = finite.nonzero().squeeze(1);
        Keep(Failed, theta.index_select(0, finite.logical_not().nonzero().squeeze(1)));
        if (kept.size(0) == 0) return;
        Keep(Theta, theta.index_select(0, kept));
        Keep(X, x.index_select(0, kept));
    }

    /// <summary>x [n, ...]; null where the simulator threw, and each half was taken by itself.</summary>
    private Tensor? Simulated(Tensor theta)
    {
        var n = theta.size(0);
        Tensor x;
        try
        {
            x = simulator(theta.clone());   // one that changes what it gets does not change the pairs
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception e)
        {
            FirstFailure ??= e;
            if (n == 1)
            {
                Threw++;
                Keep(Failed, theta.clone());
                return null;
            }
            Take(theta.narrow(0, 0, n / 2));
            Take(theta.narrow(0, n / 2, n - n / 2));
            return null;
        }
        if (x is null || x.dim() < 1 || x.size(0) != n)
            throw new ArgumentException($"A simulator gives one row for each row of parameters, [{n}, ...] here, but it gave "
                + $"{(x is null ? "null" : Shapes.Text(x.shape))}.", nameof(simulator));
        x = AsRows(x);
        shape ??= x.shape[1..];
        return x.shape[1..].SequenceEqual(shape) ? x
            : throw new ArgumentException($"A simulator gives rows of one shape, but after rows of {Shapes.Text(shape)} it gave "
                + $"[{string.Join(", ", x.shape)}].", nameof(simulator));
    }

    /// <summary>Data [N, ...] with at least one dimension for a row, in torch's default dtype.</summary>
    internal static Tensor AsRows(Tensor x) =>
        (x.dim() == 1 ? x.unsqueeze(1) : x).detach().to(torch.get_default_dtype(), CPU, copy: true);

    /// <summary>Which rows are finite, [N].</summary>
    internal static Tensor FiniteRows(Tensor x) => x.flatten(1).isfinite().all(1);

    /// <summary>What is kept outlives the batches, until all is joined.</summary>
    private static void Keep(List<Tensor> list, Tensor rows)
    {
        if (rows.size(0) > 0) list.Add(rows.DetachFromDisposeScope());
    }

    public void Dispose()
    {
        foreach (var rows in Theta.Concat(X).Concat(Failed)) rows.Dispose();
    }
}
