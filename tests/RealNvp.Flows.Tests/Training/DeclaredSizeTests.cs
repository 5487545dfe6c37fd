using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Files of a few bytes that declare models of gigabytes.</summary>
public sealed class DeclaredSizeTests : IDisposable
{
    private const long MostBytes = 64 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Refusal(string path)
    {
        var (before, tensors) = (GC.GetAllocatedBytesForCurrentThread(), Tensor.TotalCount);
        var message = Assert.Throws<InvalidDataException>(() => ImageModel.Load(path)).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.StartsWith(path, message);
        Assert.InRange(message.Replace(path, "").Length, 10, 400);
        Assert.DoesNotContain(message, char.IsControl);
        return message;
    }

    private string Small(string metadata)
    {
        var path = _folder["small.safetensors"];
        File.WriteAllBytes(path, SafetensorsFile.Of("{\"__metadata__\":{" + metadata
            + "},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]));
        return path;
    }

    [Theory]
    [InlineData("realnvp", "1x28x28", "12000", "1")]
    [InlineData("glow", "1x28x28", "12000", "1")]
    [InlineData("nice", "1x28x28", "12000", "1")]
    [InlineData("spline", "1x28x28", "8", "200000")]
    [InlineData("tarflow", "1x28x28", "12000", "1")]
    [InlineData("tarflow", "1x28x28", "8", "200000")]
    [InlineData("nice", "1x28x28", "8", "200000")]
    [InlineData("realnvp", "1x28x28", "2147483647", "2147483647")]
    [InlineData("realnvp", "1x100000x100000", "8", "1")]
    [InlineData("nice", "2147483647x2147483647x2147483647", "1", "1")]
    [InlineData("glow", "1000000x4x4", "1", "1")]
    public void A_size_that_the_tensors_do_not_bear_out_is_refused_before_it_is_built(string kind, string shape, string width,
        string depth) =>
        Assert.Contains("declares a model", Refusal(Small(
            $"\"model\":\"{kind}\",\"shape\":\"{shape}\",\"levels\":\"17\",\"width\":\"{width}\",\"depth\":\"{depth}\"")));

    [Theory]
    [InlineData("model", "gan")]
    [InlineData("model", "\\u001b[2J")]
    [InlineData("shape", "28x28")]
    [InlineData("shape", "1x28x28x1")]
    [InlineData("shape", "0x28x28")]
    [InlineData("shape", "-1x28x28")]
    [InlineData("shape", "1x99999999999999999999x28")]
    [InlineData("levels", "-256")]
    [InlineData("width", "")]
    [InlineData("width", "1e3")]
    [InlineData("width", "99999999999999999999")]
    [InlineData("depth", "0")]
    public void A_description_that_is_none_is_refused_by_its_entry(string key, string value)
    {
        var entries = new Dictionary<string, string>
        { ["model"] = "nice", ["shape"] = "1x4x4", ["levels"] = "17", ["width"] = "1", ["depth"] = "1", [key] = value };
        var message = Refusal(Small(string.Join(",", entries.Select(e => $"\"{e.Key}\":\"{e.Value}\""))));
        Assert.Contains($"its {key} is ", message);
    }

    [Theory]
    [InlineData("realnvp")]
    [InlineData("nice")]
    [InlineData("glow")]
    [InlineData("spline")]
    [InlineData("tarflow")]
    public void A_model_of_the_declared_size_is_read_and_one_of_any_other_is_not(string kind)
    {
        using var scope = NewDisposeScope();
        var (path, model) = (_folder["m.safetensors"], new ImageModel(kind, [3, 8, 8], 17, 5, 3));
        using (var flow = model.Build()) model.Save(flow, path);
        torch.manual_seed(3);
        var expected = torch.rand(4);
        torch.manual_seed(3);
        ImageModel.Load(path).Flow.Dispose();
        Assert.True(torch.rand(4).Equals(expected), "reading a model drew random numbers");
        var (tensors, metadata) = Safetensors.Load(path);
        foreach (var other in (ImageModel[])[model with { Width = 6 }, model with { Depth = 4 }, model with { Depth = 2 },
            model with { Width = 100_000 }, model with { Shape = [3, 16, 16] }, model with { Shape = [4, 8, 8] }])
        {
            foreach (var (key, value) in other.ToMetadata()) metadata[key] = value;
            Safetensors.Save(path, tensors, metadata);
            Refusal(path);
        }
    }

    [Fact]
    public void Values_that_are_not_finite_are_refused()
    {
        using var scope = NewDisposeScope();
        var (path, model) = (_folder["m.safetensors"], new ImageModel("nice", [1, 4, 4], 17, 3, 1));
        using var flow = model.Build();
        foreach (var tensor in flow.state_dict().Values.Where(t => t.is_floating_point()))
            foreach (var value in (double[])[double.NaN, double.PositiveInfinity])
            {
                using var guard = torch.no_grad();
                var before = tensor.clone();
                tensor.view(-1)[-1] = value;
                model.Save(flow, path);
                Assert.Contains("not finite", Refusal(path));
                tensor.copy_(before);
            }
    }

    [Fact]
    public void Layers_without_values_do_not_make_up_for_a_depth()
    {
        using var scope = NewDisposeScope();
        var (path, model) = (_folder["m.safetensors"], new ImageModel("nice", [1, 8, 8], 17, 400, 1));
        using (var flow = model.Build()) model.Save(flow, path);
        var (tensors, metadata) = Safetensors.Load(path);
        int Count(int depth)
        {
            using var flow = (model with { Width = 1, Depth = depth }).Build();
            return flow.state_dict().Count;
        }
        for (var k = Count(1); k < Count(40); k++) tensors[$"x{k}"] = torch.empty(0);
        foreach (var (key, value) in (model with { Depth = 40 }).ToMetadata()) metadata[key] = value;
        metadata.Remove(Architecture.Key);
        Safetensors.Save(path, tensors, metadata);
        Assert.Contains("numbers", Refusal(path));
    }
}
