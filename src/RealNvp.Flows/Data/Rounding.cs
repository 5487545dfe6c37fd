using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>What another dtype makes of data: numbers that it cannot hold, and columns whose differences it rounds
/// away.</summary>
internal static class Rounding
{
    private const double Tolerable = 1e-3;   // of a column's standard deviation

    /// <summary>Holds a dtype to be able to tell the values of data [N, ...event] apart.</summary>
    /// <exception cref="ArgumentException">It is not: the message names the row and column of a value that it cannot hold, or the
    /// column whose values it rounds away, and says what to do.</exception>
    internal static void Require(Tensor x, ScalarType dtype, string name)
    {
        using var scope = NewDisposeScope();
        if (FirstBeyond(x, dtype) is { } far)
            throw new ArgumentException($"{name} holds {Finite.Value(x, far):g6} at {Finite.Where(far)} (counted from 0), "
                + "which is "
                + $"beyond the largest {dtype}, {torch.finfo(dtype).max:g3}; divide that column first, or take the model in "
                + "float64.",
                name);
        if (FirstLoss(x, dtype) is { } loss)
            throw new ArgumentException($"{name}, {Finite.Place(loss.Feature)} (counted from 0): {loss.Text}; subtract a "
                + "number near the column's mean first, or take the model in float64 (model.to(torch.float64), or "
                + "torch.set_default_dtype(torch.float64) before it is built).", name);
    }

    /// <summary>Where the first finite value that a dtype cannot hold stands; null where there is none.</summary>
    internal static long[]? FirstBeyond(Tensor x, ScalarType dtype)
    {
        if (!IsCoarser(dtype, x)) return null;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var beyond = x.to(dtype).isinf() & x.isfinite();
        return beyond.any().ToBoolean() ? beyond.nonzero()[0].cpu().data<long>().ToArray() : null;
    }

    /// <summary>
    /// The first feature whose values float32 rounds by more than a part of their standard deviation, and a clause that says so;
    /// null where there is none.
    /// </summary>
    internal static (long[] Feature, string Text)? FirstLoss(Tensor x, ScalarType dtype)
    {
        if (dtype != ScalarType.Float32 || !IsCoarser(dtype, x) || x.dim() < 2 || x.numel() == 0) return null;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var change = (x.to(dtype).to(x.dtype) - x).abs().amax([0]);
        // Of a feature that does not vary nothing is lost, whatever the rounding of its standard deviation says.
        var lost = change.gt(x.std(0L, unbiased: false) * Tolerable) & x.amax([0]).gt(x.amin([0]));
        if (!lost.any().ToBoolean()) return null;
        var feature = lost.nonzero()[0].cpu().data<long>().ToArray();
        var values = x[[TensorIndex.Colon, .. feature.Select(k => TensorIndex.Single(k))]];
        long Distinct(Tensor of) => of.unique().output.size(0);
        return (feature, $"in float32 its values are off by up to {change.max().ToDouble():g3} at a standard deviation of "
            + $"{values.std(unbiased: false).ToDouble():g3}, which leaves {Distinct(values.to(dtype))} of {Distinct(values)} "
            + "different values");
    }

    private static bool IsCoarser(ScalarType dtype, Tensor x) =>
        x.is_floating_point() && torch.finfo(dtype).eps > torch.finfo(x.dtype).eps;
}
