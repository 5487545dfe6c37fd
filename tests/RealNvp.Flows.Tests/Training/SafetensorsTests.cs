using System.Buffers.Binary;
using System.Text;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed partial class SafetensorsTests
{
    [Fact]
    public void What_is_written_is_read_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["a.safetensors"];
        var tensors = new Dictionary<string, Tensor>
        {
            ["f64"] = torch.randn(3, 4, torch.float64),
            ["f32 transposed"] = torch.randn(5, 2).t(),
            ["i64"] = torch.arange(7),
            ["bool"] = torch.tensor(new[] { true, false, true }),
            ["bytes"] = torch.tensor(new byte[] { 0, 255, 3 }),
            ["half"] = torch.randn(4).to(torch.float16),
            ["scalar"] = torch.tensor(2.5),
            ["empty"] = torch.empty(0, 3),
        };
        Safetensors.Save(path, tensors, new Dictionary<string, string> { ["note"] = "ä \"quoted\"" });
        var (read, metadata) = Safetensors.Load(path);
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, read[name].dtype);
            Assert.Equal(tensor.shape, read[name].shape);
            Assert.True(tensor.Equals(read[name]), name);
        }
        Assert.Equal("ä \"quoted\"", metadata["note"]);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["a.safetensors"];
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["w"] = torch.tensor(new[] { 1f, -2f }) });
        var bytes = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, (int)length).TrimEnd(' '));
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(1f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + (int)length)));
        Assert.Equal(8 + length + 8, bytes.Length);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, null, "3 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 127 }, null, "limit")]
    [InlineData(new byte[] { 200, 0, 0, 0, 0, 0, 0, 0 }, "{}", "truncated")]
    [InlineData(null, "[]", "not a JSON object")]
    [InlineData(null, "{", "cannot be read")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[2]}}""", "cannot be read")]
    [InlineData(null, """{"w":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "F31")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes 12 bytes")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape [-2]")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "starts at byte 8")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "truncated")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes follow")]
    [InlineData(null, """{"w":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", "takes")]
    public void A_broken_or_hostile_file_is_refused_with_the_reason(byte[]? prefix, string? header, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder["bad.safetensors"];
        var text = Encoding.UTF8.GetBytes(header ?? "");
        if (prefix is null)
        {
            prefix = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length);
        }
        File.WriteAllBytes(path, [.. prefix, .. text, .. header is null ? [] : new byte[8]]);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(path));
        Assert.Contains(reason, error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void A_failing_write_leaves_the_old_file_and_no_rest()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["a.safetensors"];
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["w"] = torch.ones(2) });
        var before = File.ReadAllBytes(path);
        Assert.Throws<ArgumentException>(() =>
            Safetensors.Save(path, new Dictionary<string, Tensor> { ["c"] = torch.zeros(2, torch.complex64) }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_with_the_first_difference_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder["flow.safetensors"];
        Weights.Save(Architectures.RealNvp2D(4, [16]), path);
        var narrower = Architectures.RealNvp2D(4, [8]);
        var before = narrower.parameters().First().clone();
        var error = Assert.Throws<ArgumentException>(() => Weights.Load(narrower, path));
        Assert.Contains("bijection.layers.0.conditioner.layers.0.weight has shape [1, 8] in this model and [1, 16] in the file",
            error.Message);
        Assert.True(before.Equals(narrower.parameters().First()));
        Assert.Contains("the file's model has Coupling (bijection.layers.2), this one has none there",
            Assert.Throws<ArgumentException>(() => Weights.Load(Architectures.RealNvp2D(2, [16]), path)).Message);
        Assert.Contains("this model has Coupling (bijection.layers.4), the file's has none there",
            Assert.Throws<ArgumentException>(() => Weights.Load(Architectures.RealNvp2D(6, [16]), path)).Message);
    }
}
