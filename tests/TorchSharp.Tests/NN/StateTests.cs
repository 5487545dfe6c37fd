using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

/// <summary>Moving, saving and loading.</summary>
public class StateTests
{
    private static Sequential Network() => Sequential(("conv", Conv2d(1, 2, 3)), ("norm", BatchNorm2d(2)), ("act", ReLU()));

    [Fact]
    public void ParametersComeBeforeBuffersAsLiveReferences()
    {
        using var m = Network();
        var state = m.state_dict();
        Assert.Equal(["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
            "norm.num_batches_tracked"], state.Keys);
        Assert.Same(((Conv2d)m[0]).weight, state["conv.weight"]);
        Assert.Equal(["p.conv.weight"], m.state_dict(prefix: "p").Keys.Take(1));
    }

    [Fact]
    public void CastingReplacesParametersAndKeepsIntegers()
    {
        using var m = Network();
        var conv = (Conv2d)m[0];
        var old = conv.weight;
        conv.weight.grad = ones_like(conv.weight);
        Assert.Same(m, m.to(float64));
        Assert.True(old.IsInvalid);
        Assert.NotSame(old, conv.weight);
        Assert.Equal(float64, conv.weight.dtype);
        Assert.Equal(float64, conv.weight.grad!.dtype);
        Assert.True(conv.weight is { is_leaf: true, requires_grad: true });
        var norm = (BatchNorm2d)m[1];
        Assert.Equal(float64, norm.running_mean!.dtype);
        Assert.Equal(int64, norm.num_batches_tracked!.dtype);
        var same = conv.weight;
        m.to(float64).to(CPU).cpu();
        Assert.Same(same, conv.weight);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => m.to(int64)).Message);
        Assert.Equal(float16, ((Conv2d)m.half()[0]).weight.dtype);
        Assert.Equal(float32, m.to(zeros(1)).parameters().First().dtype);
    }

    [Fact]
    public void GradientsAreDroppedByModulesAndZeroedByOptimizers()
    {
        using var m = Linear(2, 2);
        using var optimizer = optim.Adam(m.parameters());
        m.call(ones(1, 2)).sum().backward();
        optimizer.zero_grad();
        Assert.Equal(0, m.weight.grad!.abs().sum().ToDouble());
        m.zero_grad(set_to_none: false);
        Assert.NotNull(m.weight.grad);
        m.zero_grad();
        Assert.Null(m.weight.grad);
    }

    [Fact]
    public void ValuesAreLoadedByName()
    {
        using var from = Linear(2, 3);
        using var to = Linear(2, 3);
        to.load_state_dict(from.state_dict());
        Assert.True(to.weight.Equals((Tensor)from.weight));
        Assert.NotEqual(to.weight.Handle, from.weight.Handle);
        Assert.True(to.weight is { requires_grad: true, is_leaf: true });

        var other = new Dictionary<string, Tensor> { ["weight"] = zeros(3, 2), ["extra"] = zeros(1) };
        var e = Assert.Throws<InvalidOperationException>(() => to.load_state_dict(other));
        Assert.Contains("missing: bias; unexpected: extra", e.Message);
        var (missing, unexpected) = to.load_state_dict(other, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal(0, to.weight.abs().sum().ToDouble());
        to.load_state_dict(other, skip: ["bias", "extra"]);
        var shape = Assert.Throws<InvalidOperationException>(() =>
            to.load_state_dict(new() { ["weight"] = zeros(2, 2), ["bias"] = zeros(3) }));
        Assert.Contains("'weight' of shape [3, 2], got [2, 2]", shape.Message);
    }

    [Fact]
    public void TheFileHasTorchSharpsBytes()
    {
        using var m = Linear(2, 1);
        using (no_grad())
        {
            m.weight.copy_(tensor(new[] { 1f, -2f }).view(1, 2));
            m.bias!.fill_(0.5);
        }
        using var stream = new MemoryStream();
        m.save(stream);
        byte[] expected =
        [
            2,
            6, .. "weight"u8, 6, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f),
            4, .. "bias"u8, 6, 1, 1, .. BitConverter.GetBytes(0.5f),
        ];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void AFileBringsBackEveryBit()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var from = Network();
            from.call(randn(3, 1, 5, 5));
            Assert.Same(from, from.save(path));
            using var to = Network();
            var loaded = new Dictionary<string, bool>();
            to.load(path, loadedParameters: loaded);
            foreach (var (name, value) in from.state_dict()) Assert.True(to.state_dict()[name].Equals(value), name);
            Assert.Equal(from.state_dict().Keys, loaded.Keys);

            using var smaller = Sequential(("conv", Conv2d(1, 2, 3)));
            Assert.Contains("expected 2 entries", Assert.Throws<ArgumentException>(() => smaller.load(path)).Message);
            smaller.load(path, strict: false);
            Assert.True(((Conv2d)smaller[0]).weight.Equals((Tensor)((Conv2d)from[0]).weight));
            using var wide = Network().to(float64);
            Assert.Contains("'conv.weight': expected dtype Float64, the file has Float32",
                Assert.Throws<ArgumentException>(() => wide.load(path)).Message);
            using var wrong = Sequential(("conv", Conv2d(1, 3, 3)), ("norm", BatchNorm2d(3)), ("act", ReLU()));
            Assert.Contains("'conv.weight': expected shape [3, 1, 3, 3], the file has [2, 1, 3, 3]",
                Assert.Throws<ArgumentException>(() => wrong.load(path)).Message);

            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
            Assert.Throws<EndOfStreamException>(() => to.load(path));
            Assert.Throws<FileNotFoundException>(() => to.load(path + ".none"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AFailedSaveLeavesTheOldFile()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "model");
            using var m = Linear(1, 1);
            m.save(path);
            var before = File.ReadAllBytes(path);
            m.bias!.Dispose();
            m.weight.Dispose();
            var broken = new Dictionary<string, Tensor> { ["x"] = m.weight };
            Assert.ThrowsAny<Exception>(() =>
            {
                using var stream = new MemoryStream();
                Module.save_state_dict(new BinaryWriter(stream), broken);
            });
            Assert.Equal(before, File.ReadAllBytes(path));
            Assert.Single(Directory.GetFiles(folder.FullName));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static readonly Arbitrary<(int[] Widths, int Seed)> Widths =
        (from count in Gen.Choose(2, 5)
         from widths in Gen.Choose(1, 9).ListOf(count)
         from seed in Gen.Choose(0, 1000)
         select (widths.ToArray(), seed)).ToArbitrary();

    private static Sequential Random((int[] Widths, int Seed) sample)
    {
        manual_seed(sample.Seed);
        return Sequential(sample.Widths.Zip(sample.Widths.Skip(1), (a, b) => (Module<Tensor, Tensor>)Linear(a, b)));
    }

    [Fact]
    public void SavingAndLoadingIsTheIdentity() => Prop.ForAll(Widths, sample =>
    {
        using var scope = NewDisposeScope();
        using var from = Random(sample);
        using var to = Random((sample.Widths, sample.Seed + 1));
        using var stream = new MemoryStream();
        from.save(new BinaryWriter(stream));
        stream.Position = 0;
        to.load(new BinaryReader(stream));
        var x = randn(2, sample.Widths[0]);
        return from.call(x).Equals(to.call(x));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AVectorOfAllParametersGoesBackToWhereItCameFrom() => Prop.ForAll(Widths, sample =>
    {
        using var scope = NewDisposeScope();
        using var from = Random(sample);
        using var to = Random((sample.Widths, sample.Seed + 1));
        var vector = nn.utils.parameters_to_vector(from.parameters());
        nn.utils.vector_to_parameters(vector, to.parameters());
        return vector.numel() == from.parameters().Sum(p => p.numel())
            && from.parameters().Zip(to.parameters()).All(pair => pair.First.Equals((Tensor)pair.Second));
    }).QuickCheckThrowOnFailure();
}
