using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

public sealed class DataTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "line 3, column 2 (b): expected a number, but found \"x\"")]
    [InlineData("a,b\n1,2\n\n3\n", "line 4: expected 2 cells (a, b), but found 1")]
    [InlineData("a,b\n1,nan\n", "line 2, column 2")]
    [InlineData("a,b\n", "no rows")]
    [InlineData("1.5,2\n3,4\n", "line 1: expected the columns' names, but found numbers")]
    [InlineData("", "line 1")]
    [InlineData("a,b,a\n1,2,3\n", "line 1: expected the columns' names, each once")]
    public void A_broken_table_is_refused_with_file_line_and_column(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder["table.csv"];
        File.WriteAllText(path, text);
        var error = Assert.Throws<FormatException>(() => Csv.Read(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Cells_may_be_quoted()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["table.csv"];
        File.WriteAllText(path, "\"first\",\"second\"\r\n1,\"2.5\"\r\n");
        var table = Csv.Read(path);
        Assert.Equal(["first", "second"], table.Columns);
        Assert.Equal([1, 2.5], table.Rows[0]);
    }

    [Fact]
    public void A_missing_file_is_named_with_the_places_that_were_tried()
    {
        Assert.Contains("no-such.csv", Assert.Throws<FileNotFoundException>(() => Csv.Read("no-such.csv")).Message);
        var error = Assert.Throws<FileNotFoundException>(() => DataFiles.Find("no-such.csv"));
        Assert.Contains("data", error.Message);
        Assert.Contains(DataFiles.FolderVariable, error.Message);
    }

    [Fact]
    public void Idx_files_are_read_packed_or_not_and_broken_ones_refused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        byte[] good = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];
        var path = folder["x-idx3-ubyte"];
        File.WriteAllBytes(path, good);
        var x = Idx.Read(path);
        Assert.Equal([2, 1, 3], x.shape);
        Assert.Equal([1, 2, 3, 4, 5, 255], x.data<byte>().ToArray());
        using (var file = File.Create(path + ".gz"))
        using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(good);
        Assert.True(Idx.Read(path + ".gz").Equals(x));
        void Refused(byte[] bytes, string reason)
        {
            File.WriteAllBytes(path, bytes);
            var error = Assert.Throws<InvalidDataException>(() => Idx.Read(path));
            Assert.Contains(path, error.Message);
            Assert.Contains(reason, error.Message);
        }
        Refused(good[..^1], "truncated");
        Refused([.. good, 7], "goes on");
        Refused([0, 0, 13, 1, 0, 0, 0, 0], "no idx file of bytes");
        Refused([0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 1, 1], "damaged");
        File.WriteAllBytes(path + ".gz", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Assert.Contains("unpacked", Assert.Throws<InvalidDataException>(() => Idx.Read(path + ".gz")).Message);
        File.WriteAllBytes(folder["t10k-images-idx3-ubyte"], good);
        File.WriteAllBytes(folder["t10k-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 2, 9, 8]);
        var (images, labels) = Datasets.Mnist(train: false, folder.Path);
        Assert.Equal([2, 1, 1, 3], images.shape);
        Assert.Equal([9, 8], labels.data<byte>().ToArray());
        Assert.Contains("dataset-fashion-mnist",
            Assert.Throws<FileNotFoundException>(() => Datasets.FashionMnist(folder: folder.Path)).Message);
    }

    [Fact]
    public void Penguins_are_the_342_birds_measured_in_full()
    {
        using var scope = NewDisposeScope();
        var (x, species) = Datasets.Penguins(torch.float64);
        Assert.Equal([342, 4], x.shape);
        Assert.Equal([43.921930, 17.151170, 200.915205, 4201.754386], x.mean([0]).data<double>().ToArray(), (a, b) =>
            Math.Abs(a - b) < 1e-6);
        Assert.Equal([151, 68, 123], species.bincount(null).data<long>().ToArray());
        Assert.Equal(3, Datasets.PenguinSpecies.Count);
    }

    [Fact]
    public void Digits_are_1797_images_of_17_levels_that_look_like_their_labels()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Datasets.Digits();
        Assert.Equal([1797, 1, 8, 8], x.shape);
        Assert.Equal((ScalarType.Byte, 0, 16), (x.dtype, x.min().ToInt32(), x.max().ToInt32()));
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], y.bincount(null).data<long>().ToArray());
        // Nine of ten images lie nearest to the mean image of their own digit, which they could not if rows and columns or labels
        // were mixed up.
        var flat = x.to(torch.float32).flatten(1);
        var means = torch.stack(Enumerable.Range(0, 10).Select(k => flat[y.eq(k)].mean([0])).ToArray());
        Assert.InRange(torch.cdist(flat, means).argmin(1).eq(y.to(torch.int64)).to(torch.float64).mean().ToDouble(), 0.88, 0.95);
        Assert.True(x[0, 0, 0].data<byte>().ToArray().SequenceEqual(new byte[] { 0, 0, 5, 13, 9, 1, 0, 0 }));
    }

    [Fact]
    public void Clothes_are_500_images_that_look_like_their_labels()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Datasets.FashionMnistSample();
        Assert.Equal([500, 1, 28, 28], x.shape);
        Assert.Equal((ScalarType.Byte, 0, 255), (x.dtype, x.min().ToInt32(), x.max().ToInt32()));
        Assert.Equal([55, 52, 65, 46, 57, 39, 47, 47, 44, 48], y.bincount(null).data<long>().ToArray());
        // Two of three lie nearest to the mean image of their own class; of labels in another order one in ten would.
        var flat = x.to(torch.float32).flatten(1);
        var means = torch.stack(Enumerable.Range(0, 10).Select(k => flat[y.eq(k)].mean([0])).ToArray());
        Assert.InRange(torch.cdist(flat, means).argmin(1).eq(y.to(torch.int64)).to(torch.float64).mean().ToDouble(), 0.6, 0.85);
    }

    [Fact]
    public void The_catalogue_verifies_what_is_there_and_names_what_is_wrong()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Catalogue.OldFaithful.Verify();
        Catalogue.Penguins.Verify();
        Catalogue.Digits.Verify();
        Catalogue.FashionMnistSample.Verify();
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(e => e.Name).Distinct().Count());
        Assert.All(Catalogue.All.SelectMany(e => e.Files), f => Assert.Matches("^[0-9a-f]{64}$", f.Sha256));

        var wrong = folder["penguins.csv"];
        File.WriteAllText(wrong, File.ReadAllText(Catalogue.Penguins.Find("penguins.csv"))
            .Replace("39.1,", "39.2,", StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => Catalogue.Penguins.Verify(wrong));
        Assert.Contains(wrong, error.Message);
        Assert.Contains("807be9171e3c", error.Message);
        Assert.Contains("git checkout data", error.Message);

        var nowhere = new CatalogueEntry("no-such-set", "none", "none", "do this", [new("no-such-file", new('0', 64))]);
        Assert.False(nowhere.IsPresent);
        Assert.True(Catalogue.Penguins.Has("penguins.csv"));
        Assert.False(Catalogue.Penguins.Has("no-such-file"));
        var missing = Assert.Throws<FileNotFoundException>(() => nowhere.Verify());
        Assert.Contains("no-such-file of the data set no-such-set", missing.Message);
        Assert.Contains("do this", missing.Message);
        Assert.Contains(DataFiles.CacheFolder, missing.Message);
    }

    [Fact]
    public void Fashion_mnist_is_read_whole_where_it_is_installed()
    {
        if (!Catalogue.FashionMnist.IsPresent) return;   // Debian's package dataset-fashion-mnist
        using var scope = NewDisposeScope();
        var (x, y) = Datasets.FashionMnist();
        Assert.Equal([60000, 1, 28, 28], x.shape);
        Assert.Equal(Enumerable.Repeat(6000L, 10), y.bincount(null).data<long>().ToArray());
        // 0.2860 of 255, the figure that every tutorial normalises with
        Assert.Equal(72.9404, x.mean([0, 1, 2, 3], type: torch.float64).ToDouble(), 4);
        Assert.Equal([10000, 1, 28, 28], Datasets.FashionMnist(train: false).Images.shape);
    }
}
