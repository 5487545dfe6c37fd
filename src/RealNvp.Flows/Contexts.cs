using static TorchSharp.torch;

namespace RealNvp.Flows;

internal static class Contexts
{
    /// <summary>A model's context as one of its parts sees it: null where the part takes none.</summary>
    internal static Tensor? For(this Tensor? context, long? contextSizeOfPart) => contextSizeOfPart is null ? null : context;

    /// <summary>The one context that parts of a model share; null where none takes one.</summary>
    /// <exception cref="ArgumentException">They take contexts of different sizes.</exception>
    internal static long? Common(IEnumerable<long?> sizesOfParts, string parts)
    {
        var sizes = sizesOfParts.OfType<long>().Distinct().ToArray();
        return sizes.Length switch
        {
            0 => null,
            1 => sizes[0],
            _ => throw new ArgumentException(
                $"{parts} that are joined share one context, but these take {string.Join(" and ", sizes)} features."),
        };
    }
}
