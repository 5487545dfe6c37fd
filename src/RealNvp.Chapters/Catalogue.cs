namespace RealNvp.Chapters;

/// <summary>The real data sets that <see cref="Datasets"/> reads, with the checksums of their files.</summary>
public static class Catalogue
{
    private const string Restore = "restore the repository's folder data (git checkout data)";

    /// <summary>272 eruptions of a geyser.</summary>
    public static CatalogueEntry OldFaithful { get; } =
        new("old-faithful", "272 eruptions: duration and waiting time, minutes", "GPL-2 or GPL-3, with R", Restore,
        [new("old-faithful.csv", "e327615f1e6e3a15a305d9da555044347e7d6cef400dec8d80bab72fb5b5736c")]);

    /// <summary>Measurements of 342 penguins.</summary>
    public static CatalogueEntry Penguins { get; } =
        new("penguins", "342 penguins of three species: four measurements", "CC0 1.0", Restore,
        [new("penguins.csv", "807be9171e3cdfd15b1a1ee19bd750e85fdc1fef81dede6437b0a23fc2ce20eb")]);

    /// <summary>1,797 handwritten digits.</summary>
    public static CatalogueEntry Digits { get; } =
        new("digits", "1,797 handwritten digits, 8 x 8 pixels of 17 levels", "CC BY 4.0", Restore,
        [new("digits.csv", "1a8c0ce573804cf39bc6fdc9a6cc8f23d15cbf27a72575c1ca5fac15163717d0")]);

    /// <summary>500 pictures of clothes.</summary>
    public static CatalogueEntry FashionMnistSample { get; } =
        new("fashion-mnist-500", "the first 500 test pictures of Fashion-MNIST", "MIT", Restore,
        [
            new("fashion-mnist-500-images-idx3-ubyte", "c9bd0ed7148856eb2287d902861921296d6c36d95a5113341a35554343e84123"),
            new("fashion-mnist-500-labels-idx1-ubyte", "9f5f7b9143df7bffff73a8bf7d8a53545dbf787f86e5e195c64401d2c6f8f372"),
        ]);

    /// <summary>70,000 pictures of clothes.</summary>
    public static CatalogueEntry FashionMnist { get; } =
        new("fashion-mnist", "70,000 pictures of clothes, 28 x 28 pixels of 256 levels", "MIT",
        "install Debian's package dataset-fashion-mnist, or put the set's four files into "
        + $"{Path.Combine(DataFiles.CacheFolder, "fashion-mnist")}",
        [
            new("train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new("train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new("t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new("t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ]);

    /// <summary>70,000 handwritten digits.</summary>
    public static CatalogueEntry Mnist { get; } =
        new("mnist", "70,000 handwritten digits, 28 x 28 pixels of 256 levels", "CC BY-SA 3.0",
        $"put MNIST's four files, packed (.gz) or not, into {Path.Combine(DataFiles.CacheFolder, "mnist")}",
        [
            new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CatalogueEntry> All { get; } =
        [OldFaithful, Penguins, Digits, FashionMnistSample, FashionMnist, Mnist];
}
