using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>The columns of a table, real and discrete: from a row x to the real numbers v that stand for it, and back.</summary>
internal sealed class MixedColumns(IReadOnlyList<Support> supports, bool argmax)
{
    private readonly (Support Support, DiscreteColumn? Discrete)[] columns =
        [.. supports.Select(support => (support, support.IsDiscrete ? support.Column(argmax) : null))];

    internal IReadOnlyList<Support> Supports => supports;

    /// <summary>What the columns of v may hold.</summary>
    internal IReadOnlyList<Support> Lifted => [.. columns.SelectMany(column => column.Discrete?.Lifted ?? [column.Support])];

    /// <summary>Numbers of noise that a row takes.</summary>
    internal int NoiseFeatures => columns.Sum(column => column.Discrete?.Lifted.Count ?? 0);

    /// <summary>Features of <see cref="Seen"/>.</summary>
    internal int SeenFeatures => columns.Sum(column => column.Discrete?.SeenFeatures ?? column.Support.Columns);

    /// <summary>v of rows x [N, columns] by noise w [N, NoiseFeatures], and log|det dv/dw|, [N].</summary>
    internal (Tensor V, Tensor LogDet) Lift(Tensor x, Tensor w)
    {
        var (at, noiseAt, parts, sum) = (0L, 0L, new List<Tensor>(), x.new_zeros(x.size(0)));
        foreach (var (support, discrete) in columns)
        {
            var part = x.narrow(1, at, support.Columns);
            at += support.Columns;
            if (discrete is not null)
            {
                (part, var logDet) = discrete.Lift(part, w.narrow(1, noiseAt, discrete.Lifted.Count));
                sum = sum + logDet;
                noiseAt += discrete.Lifted.Count;
            }
            parts.Add(part);
        }
        return (torch.cat(parts, 1), sum);
    }

    /// <summary>The rows [N, columns] that v stands for.</summary>
    internal Tensor Lower(Tensor v)
    {
        var (at, parts) = (0L, new List<Tensor>());
        foreach (var (support, discrete) in columns)
        {
            var part = v.narrow(1, at, discrete?.Lifted.Count ?? support.Columns);
            parts.Add(discrete?.Lower(part) ?? part);
            at += part.size(1);
        }
        return torch.cat(parts, 1);
    }

    /// <summary>What networks see of rows, [N, SeenFeatures]: numbers on one scale, and a one in a category's place.</summary>
    internal Tensor Seen(Tensor x, Tensor scaled)
    {
        var (at, parts) = (0L, new List<Tensor>());
        foreach (var (support, discrete) in columns)
        {
            var own = scaled.narrow(1, at, support.Columns);
            parts.Add(discrete?.Seen(x.narrow(1, at, support.Columns), own) ?? own);
            at += support.Columns;
        }
        return torch.cat(parts, 1);
    }
}
