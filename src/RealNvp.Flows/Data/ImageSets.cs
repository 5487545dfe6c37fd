using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>Sets of labelled grey images in MNIST's four files, read from the folders where Debian's packages or the reader's own copies lie.</summary>
public static class ImageSets
{
    private const string PackageFolder = "/usr/share/datasets";

    /// <summary>Fashion-MNIST: 70,000 pictures of clothes, 28 x 28 (Xiao, Rasul, Vollgraf 2017; MIT licence), as Debian's package dataset-fashion-mnist holds them.</summary>
    /// <param name="train">The 60,000 training pictures, else the 10,000 test ones.</param>
    /// <param name="folder">Where the four files lie; null looks in the data folders' fashion-mnist and in the package's.</param>
    /// <returns>Images [N, 1, 28, 28] and labels [N], both uint8.</returns>
    /// <exception cref="FileNotFoundException">The files are in none of the folders; the message says how to get them.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static (Tensor Images, Tensor Labels) FashionMnist(bool train = true, string? folder = null) =>
        Load("fashion-mnist", train, folder, "install Debian's package dataset-fashion-mnist");

    /// <summary>MNIST: 70,000 handwritten digits, 28 x 28 (LeCun, Cortes, Burges 1998).</summary>
    /// <inheritdoc cref="FashionMnist"/>
    public static (Tensor Images, Tensor Labels) Mnist(bool train = true, string? folder = null) =>
        Load("mnist", train, folder, "put MNIST's four .gz files there");

    private static (Tensor Images, Tensor Labels) Load(string set, bool train, string? folder, string remedy)
    {
        var prefix = train ? "train" : "t10k";
        var images = Find(set, $"{prefix}-images-idx3-ubyte", folder, remedy);
        var labels = Find(set, $"{prefix}-labels-idx1-ubyte", folder, remedy);
        using var scope = NewDisposeScope();
        var (x, y) = (Idx.Read(images), Idx.Read(labels));
        if (x.dim() != 3 || y.dim() != 1 || x.size(0) != y.size(0))
            throw new InvalidDataException(
                $"{images} holds {Shapes.Text(x.shape)} and {labels} {Shapes.Text(y.shape)}; expected images [N, H, W] and labels [N] of one N.");
        return scope.MoveToOuter(x.unsqueeze(1), y);
    }

    private static string Find(string set, string name, string? folder, string remedy)
    {
        string[] folders = folder is not null ? [folder] : [.. DataFiles.Folders().Select(f => Path.Combine(f, set)), Path.Combine(PackageFolder, set)];
        return folders.SelectMany(f => new[] { Path.Combine(f, name), Path.Combine(f, name + ".gz") }).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"There is no {name} of {set} in {string.Join(", ", folders)}: {remedy}, or name the folder that holds it.", name);
    }
}
