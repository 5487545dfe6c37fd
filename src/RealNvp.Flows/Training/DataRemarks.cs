using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// What there is to say of data before a model is fitted to them: values that it cannot take are refused; what makes fits slow or
/// densities grow without bound gets a sentence each.
/// </summary>
internal static class DataRemarks
{
    private const long Looked = 10_000;       // events: enough to see what all are like
    private const double Small = 0.01, Large = 100;   // standard deviations that a flow near the identity takes long to reach
    private const int FewEvents = 20;
    private const int Repeats = 4;            // events to a value, from which on a column counts as one of few values

    /// <summary>Holds data to lie where a flow's first map takes them.</summary>
    /// <exception cref="ArgumentException">They do not; the message says where they lie, what the model takes and what to
    /// do.</exception>
    internal static void RequireDomain(Distribution model, Tensor x, string name)
    {
        if (model is not Flow { Bijection.Domain: { } domain } flow || x.numel() == 0) return;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = (x.min().ToDouble(), x.max().ToDouble());
        if (low >= domain.Low && high <= domain.High) return;
        // The map takes a little more than what it is made for, which is what the sentence names.
        var (from, to) = (Math.Ceiling(domain.Low) + 0.0, double.IsFinite(domain.High) ? Math.Floor(domain.High) : domain.High);
        throw new ArgumentException($"{name} holds values from {low:g6} to {high:g6}, but this model takes [{from:g6}, {to:g6}]"
            + $"{Remedy(low, high, to, AreWhole(x))}.", name);
    }

    private static string Remedy(double low, double high, double to, bool whole) => to != 1 ? "; shift or scale them into it"
        : low >= 0 && high > 1 && whole
            ? $"; set {nameof(TrainingOptions)}.{nameof(TrainingOptions.Levels)} = "
            + $"{(high is > 16 and <= 255 ? 256 : high + 1)}, which "
            + $"dequantises whole numbers, or divide by {(high is > 16 and <= 255 ? 256 : high + 1)} after adding uniform noise"
        : low >= 0 ? $"; divide by {(high is > 16 and <= 256 ? 256 : high):g6}"
        : low >= -1 && high <= 1 ? "; take (x + 1) / 2 of values from -1 to 1" : "; shift and scale them into it";

    /// <summary>The sentences, none where there is nothing to say.</summary>
    internal static IReadOnlyList<string> Of(Distribution model, Tensor x, TrainingOptions options)
    {
        if (options.Levels is not null || x.size(0) < FewEvents) return [];
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var seen = x.narrow(0, 0, Math.Min(Looked, x.size(0))).to(torch.float64);
        List<string> remarks = [];
        if (x.dim() == 2 && !Standardizes(model) && Scales(seen) is { } scales) remarks.Add(scales);
        // A model of whole numbers has probabilities, which are at most 1.
        var isOfWhole = model is Flow { Base: DiscretizedLogistics } or DiscretizedLogistics;
        if (options.DataNoise == 0 && !isOfWhole && FewValues(seen) is { } few) remarks.Add(few);
        return remarks;
    }

    /// <summary>Whether the data meet a map first that brings them to one scale.</summary>
    private static bool Standardizes(Distribution model)
    {
        if (model is not Flow flow) return true;
        Bijection[] layers = flow.Bijection is Chain chain ? [.. chain.Layers] : [flow.Bijection];
        return layers.SkipWhile(layer => layer.OnlyMoves).FirstOrDefault() is Standardize or ActNorm or BatchNorm
            or { Domain: not null };
    }

    private static string? Scales(Tensor x)
    {
        var scale = x.std(0L, unbiased: false);
        var varies = scale.gt(0);
        if (!varies.any().ToBoolean()) return null;
        var (least, most) = (scale.masked_fill(~varies, double.PositiveInfinity), scale);
        var (low, high) = (least.min().ToDouble(), most.max().ToDouble());
        return low >= Small && high <= Large ? null
            : $"The features' standard deviations run from {low:g3} (column {least.argmin().ToInt64()}) to {high:g3} (column "
            + $"{most.argmax().ToInt64()}): Architectures.Tabular(data) standardises them, and so does "
            + $"{nameof(Standardize)}.Fit(data) as the first layer of a chain.";
    }

    private static string? FewValues(Tensor x)
    {
        var columns = x.dim() == 2 ? x.size(1) : 1;
        for (var k = 0L; k < columns; k++)
        {
            using var scope = NewDisposeScope();
            var column = x.dim() == 2 ? x.select(1, k) : x.reshape(-1).narrow(0, 0, Math.Min(Looked, x.numel()));
            var values = column.unique().output.size(0);
            if (values * Repeats > column.size(0)) continue;
            if (values == 1 && x.dim() == 2)
                return $"Column {k} does not vary: a density can grow on it without bound; leave it out.";
            var what = x.dim() == 2 ? $"Column {k} holds" : "The events hold";
            return $"{what} {values} different {(AreWhole(column) ? "whole numbers" : "values")} in {column.size(0)} places: a "
                + "density "
                + "can grow on such values without bound. Dequantise them, with TrainingOptions.Levels or Dequantize.Uniform "
                + "for whole numbers from 0 up, or by noise of the width of a step (TrainingOptions.DataNoise).";
        }
        return null;
    }

    private static bool AreWhole(Tensor x)
    {
        using var scope = NewDisposeScope();
        return !x.is_floating_point() || x.eq(x.round()).all().ToBoolean();
    }
}
