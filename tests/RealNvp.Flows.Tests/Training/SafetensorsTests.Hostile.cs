using RealNvp.Chapters;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed partial class SafetensorsTests
{
    private const string Sound = "{'dtype':'U8','shape':[8],'data_offsets':[0,8]}";

    /// <summary>Found by thought and by the fuzzer, with ' for "; all have eight bytes of values.</summary>
    public static TheoryData<string, string> Headers => new()
    {
        { "{'v':" + Sound + ",'w':{'dtype':'U8','shape':[0,9223372036854775807,9223372036854775807],'data_offsets':[8,8]}}",
            "more bytes than can be counted" },
        { "{'w':{'dtype':'U8','shape':[" + string.Concat(Enumerable.Repeat("1,", 64)) + "8],'data_offsets':[0,8]}}",
            "more than 64 dimensions" },
        { "{'w':{'dtype':'U8','shape':[99999999999999999999],'data_offsets':[0,8]}}", "cannot be read" },
        { "{'w':{'dtype':'U8','shape':[8.5],'data_offsets':[0,8]}}", "cannot be read" },
        { "{'w':{'dtype':'U8','shape':{'a':8},'data_offsets':[0,8]}}", "lacks a list of numbers" },
        { "{'w':{'dtype':'U8','shape':[8],'data_offsets':[0,-9223372036854775808]}}", "at bytes" },
        { "{'w':" + Sound[..^1] + ",'dtype':'I8'}}", "dtype twice" },
        { "{'w':" + Sound + ",'w':" + Sound + "}", "w is there twice" },
        { "{'w':" + Sound + ",'__metadata__':{'a':'1','a':'2'}}", "a are there twice" },
        { "{'w':" + Sound + ",'__metadata__':{'a':1}}", "the metadata a are not a text" },
        { "{'w':" + Sound + ",'__metadata__':{" + string.Join(",", Enumerable.Range(0, 10_001).Select(k => $"'{k}':''")) + "}}",
            "more than 10,000 texts" },
        { "{'w':" + Sound + ",'__metadata__':[]}", "is not a JSON object" },
        { "{'w':" + Sound + ",'__metadata__':{'a':'\\ud800'}}", "cannot be read" },
        { "{'\\udfff':" + Sound + "}", "cannot be read" },
        { "{'w':" + Sound + "} {}", "cannot be read" },
        { "{'w':" + Sound[..^1] + ",'x':" + new string('[', 100) + "}", "cannot be read" },
        { "", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_that_contradicts_itself_is_refused(string header, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder["bad.safetensors"];
        File.WriteAllBytes(path, SafetensorsFile.Of(header.Replace('\'', '"'), new byte[8]));
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Names_of_millions_of_characters_and_of_escape_sequences_come_out_short_and_plain()
    {
        using var folder = new TemporaryFolder();
        var path = folder["bad.safetensors"];
        foreach (var name in (string[])[new('x', 5_000_000), "\\u001b[2J\\u0007\\u202e"])
            foreach (var (header, values) in ((string, int)[])
            [
                ("{'" + name + "':{'dtype':'F31','shape':[8],'data_offsets':[0,8]}}", 8),
            ("{'w':{'dtype':'" + name + "','shape':[8],'data_offsets':[0,8]}}", 8),
            ("{'" + name + "':{'dtype':'U8','shape':[8],'data_offsets':[8,16]}}", 16),
            ("{'" + name + "':[]}", 8),
            ("{'__metadata__':{'" + name + "':1}}", 8),
        ])
            {
                File.WriteAllBytes(path, SafetensorsFile.Of(header.Replace('\'', '"'), new byte[values]));
                var words = Assert.Throws<InvalidDataException>(() => Safetensors.Load(path)).Message.Replace(path, "");
                Assert.DoesNotContain(words, char.IsControl);
                Assert.InRange(words.Length, 20, 400);
            }
    }

    [Fact]
    public void What_is_no_plain_file_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("a folder", Assert.Throws<InvalidDataException>(() => Safetensors.Load(folder.Path)).Message);
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes are files");
        var pipe = Pipe.At(folder["pipe.safetensors"]);
        Pipe.NotAwaited(() =>
            Assert.Contains("a pipe", Assert.Throws<InvalidDataException>(() => Safetensors.Load(pipe)).Message));
    }

    [Fact]
    public void A_hundred_thousand_empty_tensors_take_little_memory_and_more_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["many.safetensors"];
        byte[] WithTensors(int count) => SafetensorsFile.Of("{" + string.Join(",", Enumerable.Range(0, count)
            .Select(k => $"\"{k}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}", []);
        var file = WithTensors(SafetensorsHeader.MostTensors);
        File.WriteAllBytes(path, file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsHeader.Of(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, file.Length, file.Length + (64 << 20));
        File.WriteAllBytes(path, WithTensors(SafetensorsHeader.MostTensors + 2));
        Assert.Contains("more than 100,000 tensors", Assert.Throws<InvalidDataException>(() => Safetensors.Load(path)).Message);
    }

    [Fact]
    public void What_could_not_be_read_again_is_not_written()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["w"] = torch.ones(1) };
        var error = Assert.Throws<ArgumentException>(() => Safetensors.Save(folder["a.safetensors"], tensors,
            new Dictionary<string, string> { ["log"] = new('x', 40_000_000) }));
        Assert.Contains("at most", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Tensors_of_two_gibibytes_and_more_are_read_and_written()
    {
        const long Bytes = (1L << 31) + 8;
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 8L << 30, "needs 8 GiB of memory");
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["large.safetensors"];
        using (var file = File.Create(path))
        {
            file.Write(SafetensorsFile.Of(
                $"{{\"w\":{{\"dtype\":\"U8\",\"shape\":[{Bytes}],\"data_offsets\":[0,{Bytes}]}}}}", []));
            file.SetLength(file.Length + Bytes);   // a hole: no disk is filled
            file.Seek(-3, SeekOrigin.End);
            file.Write([7, 8, 9]);
        }
        using (var read = Safetensors.Load(path).Tensors["w"])
        {
            Assert.Equal([Bytes], read.shape);
            Assert.Equal([0, 7, 8, 9], read.narrow(0, Bytes - 4, 4).data<byte>().ToArray());
            File.Delete(path);
            using var counted = new CountingStream();
            Safetensors.Write(counted, new Dictionary<string, Tensor> { ["w"] = read }, null);
            Assert.InRange(counted.Count, Bytes, Bytes + 200);
            Assert.Equal([7, 8, 9], counted.Last[^3..]);
        }
        NativeMemory.Collect();
    }

    /// <summary>Counts what is written, and keeps the last part of it.</summary>
    private sealed class CountingStream : MemoryStream
    {
        internal long Count { get; private set; }

        internal byte[] Last { get; private set; } = [];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Count += buffer.Length;
            Last = buffer[^Math.Min(8, buffer.Length)..].ToArray();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
