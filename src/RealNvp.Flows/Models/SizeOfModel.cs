using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>
/// The tensors of a model of images without building it: every side of a tensor grows linearly with the model's width, and their
/// number with its depth, so that the four smallest models tell those of any.
/// </summary>
internal sealed class SizeOfModel(ImageModel model)
{
    /// <summary>How a file's tensors differ from the model's, in words; null where they are as many and as large.</summary>
    internal string? Difference(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (model.Width == 1 && model.Depth == 1) return null;   // built as fast as foretold
        var (one, two) = (AtWidth(1), AtWidth(2));
        var deeper = model.Depth - 1;
        var count = one.Count + deeper * (Int128)(two.Count - one.Count);
        if (count != shapes.Count) return $"that has {count:n0} tensors, and the file {shapes.Count:n0}";
        var numbers = Numbers(one) + deeper * (Numbers(two) - Numbers(one));
        var saw = Numbers(shapes);
        return numbers == saw ? null : $"that has {numbers:n0} numbers, and the file {saw:n0}";
    }

    private Dictionary<string, long[]> AtWidth(int depth)
    {
        var (one, two) = (Built(1, depth), Built(2, depth));
        return one.ToDictionary(p => p.Key,
            p => p.Value.Zip(two[p.Key], (a, b) => (long)Int128.Min(long.MaxValue, a + (model.Width - (Int128)1) * (b - a)))
                .ToArray());
    }

    private Dictionary<string, long[]> Built(int width, int depth)
    {
        using var scope = NewDisposeScope();
        using var small = (model with { Width = width, Depth = depth }).Build();
        return small.state_dict().ToDictionary(p => p.Key, p => p.Value.shape);
    }

    private static Int128 Numbers(IReadOnlyDictionary<string, long[]> shapes) =>
        shapes.Values.Aggregate((Int128)0, (sum, shape) => sum + DeclaredSize.Product(shape));
}
