using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Tests;

/// <summary>Rows of autoregressive layers over tokens.</summary>
public static partial class BijectionTable
{
    private static IEnumerable<BijectionRow> Attention =>
    [
        new("patches", () => new Patches(1, 4, 4, 2), 1, 4, 4),
        new("patches of a wide image", () => new Patches(2, 3, 6, 3), 2, 3, 6),
        new("attention autoregressive", () => Tokens(4, 2, new AffineTransformer(AffineOrder.ShiftThenScale, 2)), 4, 2),
        new("attention autoregressive, two heads, context", () => new AttentionAutoregressive(new AffineTransformer(),
            new CausalTransformer(3, 3, 2, 6, 2, heads: 2, contextSize: 2)), 3, 3) { Context = 2 },
        new("attention autoregressive, splines", () => Tokens(3, 1, new RationalQuadraticTransformer(4)), 3, 1),
        new("tarflow", () => Architectures.TarFlow(6, 3, 6, 1, group: 2).Bijection, 6),
        new("tarflow with context", () => Architectures.TarFlow(3, 2, 6, 1, contextSize: 2).Bijection, 3) { Context = 2 },
        new("tarflow of images", () => Architectures.TarFlowImages([2, 2, 4], 2, 2, 6, 1).Bijection, 2, 2, 4)
            { Draw = Inside(0, 1), DrawLatent = Normal, WeightSize = 0.2 },
        new("tarflow of images on the line, with context", () =>
            Architectures.TarFlowImages([1, 2, 3], 1, 2, 6, 1, logit: false, contextSize: 2).Bijection, 1, 2, 3) { Context = 2 },
    ];

    private static AttentionAutoregressive Tokens(int tokens, int features, Transformer transformer) =>
        new(transformer, new CausalTransformer(tokens, features, transformer.ParametersPerElement, 6, 1));
}
