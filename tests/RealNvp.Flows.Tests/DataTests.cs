using RealNvp.Flows.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class DataTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "line 3, column 2 (b): expected a number, but found \"x\"")]
    [InlineData("a,b\n1,2\n\n3\n", "line 4: expected 2 cells (a, b), but found 1")]
    [InlineData("a,b\n1,nan\n", "line 2, column 2")]
    [InlineData("a,b\n", "no rows")]
    [InlineData("", "line 1")]
    public void A_broken_table_is_refused_with_file_line_and_column(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("table.csv");
        File.WriteAllText(path, text);
        var error = Assert.Throws<FormatException>(() => Csv.Read(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
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
    public void Folds_hold_each_event_once_and_a_seed_fixes_them()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(23).unsqueeze(1).to(torch.float32);
        var folds = Splits.KFold(x, 5, seed: 3);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (float)i), folds.SelectMany(f => f.Test.data<float>().ToArray()).Order());
        foreach (var (train, test) in folds)
        {
            Assert.Equal(23, train.size(0) + test.size(0));
            Assert.Empty(train.data<float>().ToArray().Intersect(test.data<float>().ToArray()));
        }
        Assert.True(folds[2].Train.Equals(Splits.KFold(x, 5, seed: 3)[2].Train));
        var (a, b) = Splits.TrainHeldOut(x, 0.3, seed: 1);
        Assert.Equal((16, 7), (a.size(0), b.size(0)));
        Assert.Throws<ArgumentException>(() => Splits.KFold(x, 1));
        Assert.Throws<ArgumentException>(() => Splits.TrainHeldOut(x, 1));
    }

    [Fact]
    public void Toys_are_seeded_centred_and_of_unit_scale()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, toy) in Toys.All)
        {
            var x = toy(4000, 1);
            Assert.Equal([4000, 2], x.shape);
            Assert.True(x.Equals(toy(4000, 1)), name);
            Assert.False(x.Equals(toy(4000, 2)), name);
            Assert.True(x.mean([0]).abs().max().ToDouble() < 0.25, $"{name} is centred at {x.mean([0]).npstr()}");
            Assert.InRange(x.std().ToDouble(), 0.4, 1.6);
        }
    }

    [Fact]
    public void Idx_files_are_read_packed_or_not_and_broken_ones_refused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        byte[] good = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];
        var path = folder.File("x-idx3-ubyte");
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
        File.WriteAllBytes(folder.File("t10k-images-idx3-ubyte"), good);
        File.WriteAllBytes(folder.File("t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 9, 8]);
        var (images, labels) = ImageSets.Mnist(train: false, folder.Path);
        Assert.Equal([2, 1, 1, 3], images.shape);
        Assert.Equal([9, 8], labels.data<byte>().ToArray());
        Assert.Contains("dataset-fashion-mnist", Assert.Throws<FileNotFoundException>(() => ImageSets.FashionMnist(folder: folder.Path)).Message);
    }

    [Fact]
    public void Npy_files_are_read_and_broken_ones_refused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder.File("x.npy");
        void Write(string header, byte[] values)
        {
            var text = System.Text.Encoding.ASCII.GetBytes(header + "\n");
            File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. values]);
        }
        Write("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]);
        var x = Npy.Read(path);
        Assert.Equal([1, 2], x.shape);
        Assert.Equal([1.5, -2], x.data<double>().ToArray());
        void Refused(string reason) => Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Npy.Read(path)).Message);
        Write("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", new byte[16]);
        Refused("truncated");
        Write("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", new byte[16]);
        Refused(">f8");
        Write("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }", new byte[16]);
        Refused("columns");
        File.WriteAllBytes(path, new byte[20]);
        Refused("no .npy file");
    }
}
