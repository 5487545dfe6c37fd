using System.IO.Compression;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

/// <summary>Data files that would take the machine, or the terminal, and damaged ones.</summary>
public sealed class HostileDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Short(Exception error, string path)
    {
        Assert.StartsWith(path, error.Message);
        var words = error.Message.Replace(path, "");
        Assert.DoesNotContain(words, char.IsControl);
        Assert.InRange(words.Length, 10, 500);
        return words;
    }

    [Fact]
    public void What_is_no_plain_file_is_said_to_be_none()
    {
        Assert.Contains("a folder", Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.Path)).Message);
        Assert.Contains("a folder", Assert.Throws<InvalidDataException>(() => Idx.Read(_folder.Path)).Message);
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes and devices are files");
        var pipe = Pipe.At(_folder["pipe"]);
        Pipe.NotAwaited(() =>
        {
            Assert.Contains("a pipe", Assert.Throws<InvalidDataException>(() => Csv.Read(pipe)).Message);
            Assert.Contains("a pipe", Assert.Throws<InvalidDataException>(() => Idx.Read(pipe)).Message);
            Assert.Contains("a pipe", Assert.Throws<InvalidDataException>(() => Catalogue.Penguins.Verify(pipe)).Message);
            Assert.Contains("a device", Assert.Throws<InvalidDataException>(() => Csv.Read("/dev/zero")).Message);
        });
    }

    [Theory]
    [InlineData(1L << 31, "a table has at most")]
    [InlineData(1L << 27, "line 2: a table is text")]
    public void A_table_of_nothing_is_refused_in_little_memory(long bytes, string reason)
    {
        var path = _folder.Write("hole.csv", "a,b\n");
        using (var file = File.OpenWrite(path)) file.SetLength(bytes);   // a hole: no disk is filled
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Short(Assert.Throws<FormatException>(() => Csv.Read(path)), path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("a,b\n1,{0}\n", 'x', "a line of a table has at most")]
    [InlineData("a,b\n1,\"{0}\n", '\n', "is a quotation mark missing?")]
    public void A_row_without_an_end_is_refused_in_little_memory(string table, char filling, string reason)
    {
        var path = _folder.Write("row.csv", string.Format(null, table, new string(filling, 3_000_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Short(Assert.Throws<FormatException>(() => Csv.Read(path)), path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("a,{0}\n1,x\n")]
    [InlineData("a,b\n1,{0}\n")]
    [InlineData("a,{0}\n1,2,3,4\n")]
    [InlineData("1,{0}\n")]
    public void Cells_come_out_short_and_plain(string table)
    {
        foreach (var cell in (string[])[new('7', 1_000_000), "\u001b[2J\u0007\u202e"])
        {
            var path = _folder.Write("t.csv", string.Format(null, table, cell));
            Short(Assert.Throws<FormatException>(() => Csv.Read(path)), path);
        }
    }

    [Fact]
    public void A_header_that_announces_more_than_the_file_can_hold_is_refused_before_memory_is_taken()
    {
        byte[] header = [0, 0, 8, 2, 0, 0, 0x80, 0, 0, 0, 0xFF, 0];   // 2 GB
        var path = _folder["x-idx2-ubyte"];
        File.WriteAllBytes(path, header);
        Assert.Contains("announces 2,139,095,040 values", Short(Assert.Throws<InvalidDataException>(() => Idx.Read(path)), path));
        File.WriteAllBytes(path, [0, 0, 8, 255, .. Enumerable.Repeat<byte>(0, 4 * 255)]);
        Assert.Contains("255 dimensions", Short(Assert.Throws<InvalidDataException>(() => Idx.Read(path)), path));
        File.WriteAllBytes(path, [0, 0, 8, 3, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        Assert.Contains("damaged", Short(Assert.Throws<InvalidDataException>(() => Idx.Read(path)), path));
        File.WriteAllBytes(path, [0, 0, 8, 0]);
        Assert.Contains("no dimensions", Short(Assert.Throws<InvalidDataException>(() => Idx.Read(path)), path));
    }

    [Fact]
    public void A_packed_file_of_a_thousand_times_its_size_is_refused()
    {
        var path = _folder["bomb-idx1-ubyte.gz"];
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize))
        {
            packed.Write([0, 0, 8, 1, 0x20, 0, 0, 0]);   // 512 MiB
            var zeros = new byte[1 << 20];
            for (var k = 0; k < 512; k++) packed.Write(zeros);
        }
        var resident = Environment.WorkingSet;
        Assert.Contains("announces 536,870,912 values", Short(Assert.Throws<InvalidDataException>(() => Idx.Read(path)), path));
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 256L << 20);
    }

    [Fact]
    public void Damaged_tables()
    {
        const string Table = "first,\"second\",third\r\n1,2.5,-3e2\r\n\"4\",5,6\n7,8,9\n";
        Fuzz.Run("t.csv", 3000, mutator => mutator.Damaged(Table), path => Csv.Read(path), error => error is FormatException);
    }

    [Fact]
    public void Damaged_arrays()
    {
        using var scope = NewDisposeScope();
        byte[] sound = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];
        Fuzz.Run("x-idx3-ubyte", 3000, mutator => mutator.Damaged(sound), path => Idx.Read(path).Dispose(),
            error => error is InvalidDataException);
        Fuzz.Run("x-idx3-ubyte.gz", 3000, mutator => mutator.Below(2) == 0
            ? Packed(mutator.Damaged(sound)) : mutator.Damaged(Packed(sound)),
            path => Idx.Read(path).Dispose(), error => error is InvalidDataException);
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var result = new MemoryStream();
        using (var packed = new GZipStream(result, CompressionLevel.Fastest)) packed.Write(bytes);
        return result.ToArray();
    }
}
