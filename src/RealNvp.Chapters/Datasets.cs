using static TorchSharp.torch;

namespace RealNvp.Chapters;

/// <summary>
/// Real data sets. The small ones lie in the repository's data folder, whose README tells source, licence and checksum of each;
/// see <see cref="Catalogue"/>. A file is held against its checksum as it is read.
/// </summary>
public static class Datasets
{
    /// <summary>The classes of Fashion-MNIST, by label.</summary>
    public static IReadOnlyList<string> FashionMnistClasses { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>The species of the penguins, by label.</summary>
    public static IReadOnlyList<string> PenguinSpecies { get; } = ["Adelie", "Chinstrap", "Gentoo"];

    /// <summary>
    /// Old Faithful: 272 eruptions, duration and waiting time to the next one in minutes (Azzalini, Bowman 1990; R's data set
    /// faithful).
    /// </summary>
    /// <returns>[272, 2].</returns>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="FormatException">The file is damaged; the message names file, line and column.</exception>
    /// <exception cref="InvalidDataException">The file is another one.</exception>
    public static Tensor OldFaithful(ScalarType dtype = ScalarType.Float32) => Table(Catalogue.OldFaithful).ToTensor(dtype);

    /// <summary>
    /// Palmer penguins: bill length and depth and flipper length in mm, body mass in g, of the 342 birds measured in full (Horst,
    /// Hill, Gorman 2020).
    /// </summary>
    /// <returns>Measurements [342, 4] and species [342], int64: 0 Adelie (151), 1 Chinstrap (68), 2 Gentoo (123).</returns>
    /// <inheritdoc cref="OldFaithful"/>
    public static (Tensor Measurements, Tensor Species) Penguins(ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var table = Table(Catalogue.Penguins).ToTensor(ScalarType.Float64);
        return scope.MoveToOuter(table.narrow(1, 0, 4).to(dtype).contiguous(), table.select(1, 4).to(ScalarType.Int64));
    }

    /// <summary>
    /// Digits: 1,797 handwritten digits of 8 x 8 pixels with the levels 0 to 16 (Alpaydin, Kaynak 1998), small enough to train on
    /// in seconds.
    /// </summary>
    /// <returns>Images [1797, 1, 8, 8] and labels [1797], both uint8.</returns>
    /// <inheritdoc cref="OldFaithful"/>
    public static (Tensor Images, Tensor Labels) Digits()
    {
        using var scope = NewDisposeScope();
        var table = Table(Catalogue.Digits).ToTensor(ScalarType.Float64).to(ScalarType.Byte);
        return scope.MoveToOuter(table.narrow(1, 0, 64).reshape(-1, 1, 8, 8).contiguous(), table.select(1, 64).contiguous());
    }

    /// <summary>
    /// Fashion-MNIST: 70,000 pictures of clothes, 28 x 28 (Xiao, Rasul, Vollgraf 2017), as Debian's package dataset-fashion-mnist
    /// holds them.
    /// </summary>
    /// <param name="train">The 60,000 training pictures, else the 10,000 test ones.</param>
    /// <param name="folder">Where the files lie, which then may be others of the same format; null looks in the data folders, the
    /// cache folder and the package's.</param>
    /// <returns>Images [N, 1, 28, 28] and labels [N], both uint8.</returns>
    /// <exception cref="FileNotFoundException">The files are in none of the folders; the message says how to get
    /// them.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or another one.</exception>
    public static (Tensor Images, Tensor Labels) FashionMnist(bool train = true, string? folder = null) =>
        Images(Catalogue.FashionMnist, Part(train), folder);

    /// <summary>
    /// The first 500 test pictures of Fashion-MNIST, 39 to 65 of each class, which the repository brings along (Xiao, Rasul,
    /// Vollgraf 2017).
    /// </summary>
    /// <returns>Images [500, 1, 28, 28] and labels [500], both uint8.</returns>
    /// <inheritdoc cref="OldFaithful"/>
    public static (Tensor Images, Tensor Labels) FashionMnistSample() =>
        Images(Catalogue.FashionMnistSample, "fashion-mnist-500", null);

    /// <summary>MNIST: 70,000 handwritten digits, 28 x 28 (LeCun, Cortes, Burges 1998), from the cache folder.</summary>
    /// <inheritdoc cref="FashionMnist"/>
    public static (Tensor Images, Tensor Labels) Mnist(bool train = true, string? folder = null) =>
        Images(Catalogue.Mnist, Part(train), folder);

    private static Csv Table(CatalogueEntry set)
    {
        var path = set.Find(set.Files[0].Name);
        var table = Csv.Read(path);
        set.Verify(path);
        return table;
    }

    private static string Part(bool train) => train ? "train" : "t10k";

    private static (Tensor Images, Tensor Labels) Images(CatalogueEntry set, string prefix, string? folder)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Read(set, $"{prefix}-images-idx3-ubyte", folder), Read(set, $"{prefix}-labels-idx1-ubyte", folder));
        if (x.dim() != 3 || y.dim() != 1 || x.size(0) != y.size(0))
            throw new InvalidDataException(
                $"{set.Name}'s images have shape [{string.Join(", ", x.shape)}] and its labels [{string.Join(", ", y.shape)}]; "
                + "expected [N, H, W] and [N] of one N.");
        return scope.MoveToOuter(x.unsqueeze(1), y);
    }

    private static Tensor Read(CatalogueEntry set, string file, string? folder)
    {
        if (folder is not null)
        {
            var own = Path.Combine(folder, file);
            return Idx.Read(File.Exists(own) ? own : File.Exists(own + ".gz") ? own + ".gz" : throw new FileNotFoundException(
                $"There is no {file} (or {file}.gz) in {folder}: {set.Remedy}, or name the folder that holds it.", file));
        }
        var path = set.Find(file);
        var values = Idx.Read(path);
        set.Verify(path);
        return values;
    }
}
