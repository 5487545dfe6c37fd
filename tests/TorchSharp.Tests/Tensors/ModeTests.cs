using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Modes and defaults of the thread and of the process. Alone: the defaults are everybody's.</summary>
[Collection("alone")]
public class ModeTests
{
    [Fact]
    public void GradientModesNestAndEndWithTheirGuards()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        using (set_grad_enabled(false)) Assert.False((x * 2).requires_grad);
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void AModeIsItsThreads()
    {
        using var guard = no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
    }

    [Fact]
    public void TheDefaultDtypeIsThatOfNewTensorsAndNotOfNumbers()
    {
        Assert.Equal(float32, get_default_dtype());
        try
        {
            set_default_dtype(float64);
            Assert.Equal(float64, zeros(2).dtype);
            Assert.Equal(float64, rand(2).dtype);
            Assert.Equal(float64, linspace(0, 1, 2).dtype);
            Assert.Equal(float32, tensor(1f).dtype);
            Assert.Equal(float64, (tensor(3) / 2).dtype);
            Assert.Throws<ArgumentException>(() => set_default_dtype(int64));
        }
        finally
        {
            set_default_dtype(float32);
        }
    }

    [Fact]
    public void ASeedRepeatsAndAStateRestores()
    {
        manual_seed(5);
        var first = randn(4);
        var state = get_rng_state();
        var second = randn(4);
        manual_seed(5);
        Assert.True(randn(4).Equals(first));
        set_rng_state(state);
        Assert.True(randn(4).Equals(second));
        Assert.Equal(5, initial_seed());
        var (a, b) = (new Generator(9), new Generator(9));
        Assert.True(rand(3, generator: a).Equals(rand(3, generator: b)));
        Assert.Equal(9, a.initial_seed());
        Assert.True(a.get_state().Equals(b.get_state()));
    }

    [Fact]
    public void ThreadsAreSetAndRead()
    {
        var before = get_num_threads();
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
        Assert.Equal(before, get_num_threads());
    }

    [Fact]
    public void NamedDimensionsAreFoundByName()
    {
        if (Record.Exception(() => zeros(2, 3, names: ["rows", "columns"])) is { } missing)
        {
            Assert.Contains("this libtorch has no operator", missing.Message);
            Assert.True(Version.Parse(torch.__version__.Split('+', 'a', 'r')[0]) >= new Version(2, 14), "names left libtorch by 2.14, not before");
            return;
        }
        var x = zeros(2, 3, names: ["rows", "columns"]);
        Assert.Equal([6], x.flatten(["rows", "columns"], "all").shape);
        Assert.Equal([2, 3, 1], x.unflatten("columns", ("inner", 3), ("outer", 1)).shape);
    }

    [Fact]
    public void LimitsOfFloatingPointTypes()
    {
        Assert.Equal(float.MaxValue, finfo(float32).max);
        Assert.Equal(double.MaxValue, finfo(float64).max);
        Assert.Equal(Math.ScaleB(1, -23), finfo().eps);
        Assert.Equal(65504, finfo(float16).max);
        Assert.Equal(2.2250738585072014e-308, finfo(float64).tiny);
    }

    [Fact]
    public void DevicesAreComparedByTypeAndIndex()
    {
        var x = ones(1);
        Assert.Equal(DeviceType.CPU, x.device.type);
        Assert.Equal(-1, x.device.index);
        Assert.Equal("cpu", x.device.ToString());
        Assert.True(zeros(2, device: META).is_meta);
        Assert.Equal("[2], type = Float32, device = meta", zeros(2, device: META).str());
    }

    [Fact]
    public void SwitchesAreReadBackAsSet()
    {
        var before = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = !before;
        Assert.Equal(!before, backends.cuda.matmul.allow_tf32);
        backends.cuda.matmul.allow_tf32 = before;
    }

    [Fact]
    public void AStorageIsWhatAViewLooksAt()
    {
        var x = arange(6, float32).view(2, 3);
        var storage = x[1].storage<float>();
        Assert.Equal(6, storage.Count);
        storage[0] = 9;
        Assert.Equal(9, x[0, 0].item<float>());
        Assert.True(is_storage(storage));
    }
}
