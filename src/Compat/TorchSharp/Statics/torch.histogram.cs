using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // Counts of values in bins; with density, the counts divided by the total and by the widths of the bins.

    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input, long bins, (double min, double max)? range = null, Tensor? weight = null, bool density = false) =>
            Aten.HistogramBinCt.Run2(input, bins, range is { } r ? new[] { r.min, r.max } : Arg.None, weight, density);

    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, Tensor bins, Tensor? weight = null, bool density = false) =>
        Aten.HistogramBinsTensor.Run2(input, bins, weight, density);

    /// <summary>Chooses the number of bins by a rule of the literature.</summary>
    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input, HistogramBinSelector bins, (double min, double max)? range = null, bool density = false)
    {
        using var values = input.detach().cpu().to_type(ScalarType.Float64).flatten();
        using var inside = range is { } r ? values.masked_select((values >= r.min) & (values <= r.max)) : values.alias();
        return histogram(input, BinCount.Choose(inside.data<double>().ToArray(), bins), range, null, density);
    }

    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, Tensor bins, out (Tensor hist, Tensor bin_edges) out_tensor) =>
        out_tensor = histogram(input, bins);

    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input, Tensor bins, Tensor? weight, bool density, out (Tensor hist, Tensor bin_edges) out_tensor) =>
            out_tensor = histogram(input, bins, weight, density);

    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, long bins, out (Tensor hist, Tensor bin_edges) out_tensor) =>
        out_tensor = histogram(input, bins);

    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input, long bins, (double min, double max)? range, out (Tensor hist, Tensor bin_edges) out_tensor) =>
            out_tensor = histogram(input, bins, range);

    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input, long bins, (double min, double max)? range, Tensor? weight, bool density, out (Tensor hist, Tensor bin_edges) out_tensor) =>
            out_tensor = histogram(input, bins, range, weight, density);
}
