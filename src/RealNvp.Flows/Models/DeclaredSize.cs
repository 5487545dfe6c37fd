namespace RealNvp.Flows.Models;

/// <summary>
/// Holds the size that a file gives its model against the file's own tensors, before anything of that size is built: a few bytes
/// can declare more than a machine holds.
/// </summary>
internal static class DeclaredSize
{
    private const long MostNumbers = 1 << 20;   // of one image

    /// <param name="model">What the file declares.</param>
    /// <param name="shapes">The shapes of its model's tensors, by name.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="InvalidDataException">The tensors are not those of a model of that size.</exception>
    internal static void Require(ImageModel model, IReadOnlyDictionary<string, long[]> shapes, string path)
    {
        if (Difference(model, shapes) is { } difference)
            throw new InvalidDataException($"{path} declares a model {model}, but {difference}: the file is damaged, or its "
                + "description is another model's.");
    }

    private static string? Difference(ImageModel model, IReadOnlyDictionary<string, long[]> shapes)
    {
        var (c, h, w) = (model.Shape[0], model.Shape[1], model.Shape[2]);
        if (Product(model.Shape) > MostNumbers) return $"an image has at most {MostNumbers:n0} numbers";
        if (model.Depth > shapes.Count) return $"it has only {shapes.Count:n0} tensors of it";
        if (Expected().FirstOrDefault(shape => !shapes.Values.Any(s => s.SequenceEqual(shape))) is { } missing)
            return $"no tensor of it has the shape {Shapes.Text(missing)}";
        return new SizeOfModel(model).Difference(shapes);

        // What the size of the smallest model of these images hangs on.
        IEnumerable<long[]> Expected() => model.Kind switch
        {
            "realnvp" => [[c, 1, 1], [1, 1, h, w]],
            "nice" => [[c * h * w]],
            "tarflow" => [[Architectures.Tokens(h, w, Architectures.PatchOf(h, w)), model.Width]],
            _ => Architectures.ChannelsOfGlow(c, h, w).Select(channels => new[] { channels, channels }),
        };
    }

    internal static Int128 Product(IEnumerable<long> shape) =>
        shape.Aggregate((Int128)1, (a, b) => Int128.Min(a, long.MaxValue) * b);
}
