using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.NN;

/// <summary>
/// Every module and function against PyTorch's values (fixtures/modules.py): output, gradients, and buffers afterwards.
/// </summary>
public class ModuleFixtureTests
{
    private static readonly JsonElement Cases = Fixture.Load("modules.json").GetProperty("cases");

    private static readonly Dictionary<string, Func<Module>> Modules = new()
    {
        ["Linear"] = () => Linear(4, 3),
        ["Linear without bias"] = () => Linear(4, 3, hasBias: false),
        ["Bilinear"] = () => Bilinear(4, 4, 2),
        ["Sequential"] = () => Sequential(Linear(4, 5), Tanh(), Linear(5, 2)),
        ["Conv1d"] = () => Conv1d(4, 3, 3, stride: 2, padding: 1),
        ["Conv2d"] = () => Conv2d(4, 3, 3, padding: 1),
        ["Conv2d strided, dilated, grouped"] = () => Conv2d(4, 6, 3, stride: 2, padding: 2, dilation: 2, groups: 2, bias: false),
        ["Conv2d rectangular"] = () => Conv2d(4, 2, (1, 3), stride: (2, 1), padding: (0, 1)),
        ["Conv2d same"] = () => Conv2d(4, 2, 3, Padding.Same),
        ["Conv2d reflect"] = () => Conv2d(4, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect),
        ["Conv2d circular"] = () => Conv2d(4, 2, 3, padding: 1, padding_mode: PaddingModes.Circular),
        ["Conv3d"] = () => Conv3d(2, 3, 2),
        ["ConvTranspose1d"] = () => ConvTranspose1d(4, 2, 3, stride: 2, padding: 1, output_padding: 1),
        ["ConvTranspose2d"] = () => ConvTranspose2d(4, 2, 3, stride: 2, padding: 1),
        ["BatchNorm1d"] = () => BatchNorm1d(4),
        ["BatchNorm1d of sequences"] = () => BatchNorm1d(4),
        ["BatchNorm2d"] = () => BatchNorm2d(4, eps: 1e-3, momentum: 0.3),
        ["BatchNorm2d without affine"] = () => BatchNorm2d(4, affine: false),
        ["BatchNorm2d without statistics"] = () => BatchNorm2d(4, track_running_stats: false),
        ["BatchNorm2d evaluated"] = () => Evaluated(BatchNorm2d(4)),
        ["BatchNorm3d"] = () => BatchNorm3d(2),
        ["LayerNorm"] = () => LayerNorm(4),
        ["LayerNorm of two dimensions"] = () => LayerNorm([4, 4], elementwise_affine: false),
        ["GroupNorm"] = () => GroupNorm(2, 4),
        ["InstanceNorm1d"] = () => InstanceNorm1d(4, affine: true),
        ["InstanceNorm2d"] = () => InstanceNorm2d(4),
        ["Embedding"] = () => Embedding(7, 3),
        ["PReLU"] = () => PReLU(4, 0.3),
        ["MultiheadAttention"] = () => MultiheadAttention(4, 2),
        ["MultiheadAttention masked"] = () => MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true, kdim: 3, vdim: 5),
        ["ReLU"] = () => ReLU(),
        ["ReLU6"] = () => ReLU6(),
        ["SELU"] = () => SELU(),
        ["SiLU"] = () => SiLU(),
        ["Mish"] = () => Mish(),
        ["Tanh"] = () => Tanh(),
        ["Sigmoid"] = () => Sigmoid(),
        ["Softsign"] = () => Softsign(),
        ["Hardswish"] = () => Hardswish(),
        ["Hardtanh"] = () => Hardtanh(-0.7, 1.3),
        ["ELU"] = () => ELU(0.7),
        ["CELU"] = () => CELU(0.7),
        ["LeakyReLU"] = () => LeakyReLU(0.2),
        ["Softplus"] = () => Softplus(2, 3),
        ["LogSigmoid"] = () => LogSigmoid(),
        ["Threshold"] = () => Threshold(0.5, -1),
        ["Softmax"] = () => Softmax(1),
        ["LogSoftmax"] = () => LogSoftmax(0),
        ["GELU"] = () => GELU(),
        ["GELU tanh"] = () => GELU(TorchSharp.Modules.GELU.Approximate.tanh),
        ["Identity"] = () => Identity(),
        ["Flatten"] = () => Flatten(),
        ["Unflatten"] = () => Unflatten(1, [2, 2]),
        ["PixelShuffle"] = () => PixelShuffle(2),
        ["PixelUnshuffle"] = () => PixelUnshuffle(2),
        ["MaxPool2d"] = () => MaxPool2d(2),
        ["MaxPool2d strided"] = () => MaxPool2d(3, stride: 2, padding: 1),
        ["AvgPool2d"] = () => AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false),
        ["AdaptiveAvgPool2d"] = () => AdaptiveAvgPool2d((3, 2)),
        ["ZeroPad2d"] = () => ZeroPad2d((1, 2, 0, 1)),
        ["ConstantPad1d"] = () => ConstantPad1d((1, 2), 0.5),
        ["ConstantPad2d"] = () => ConstantPad2d(1, -0.5),
        ["ReflectionPad1d"] = () => ReflectionPad1d(2),
        ["ReflectionPad2d"] = () => ReflectionPad2d((1, 2, 2, 1)),
        ["Upsample nearest"] = () => Upsample(scale_factor: [2, 2]),
        ["Upsample bilinear"] = () => Upsample([7, 5], mode: UpsampleMode.Bilinear),
        ["Dropout evaluated"] = () => Evaluated(Dropout()),
    };

    private static readonly Dictionary<string, Func<Reduction, Module>> Losses = new()
    {
        ["L1Loss"] = r => L1Loss(r),
        ["MSELoss"] = r => MSELoss(r),
        ["SmoothL1Loss"] = r => SmoothL1Loss(r, 0.5),
        ["HuberLoss"] = r => HuberLoss(0.5, r),
        ["BCELoss"] = r => BCELoss(reduction: r),
        ["BCEWithLogitsLoss"] = r => BCEWithLogitsLoss(reduction: r),
        ["KLDivLoss"] = r => KLDivLoss(reduction: r),
        ["NLLLoss"] = r => NLLLoss(reduction: r),
        ["CrossEntropyLoss"] = r => CrossEntropyLoss(reduction: r),
        ["GaussianNLLLoss"] = r => GaussianNLLLoss(full: true, reduction: r),
    };

    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Functions = new()
    {
        ["normalize"] = x => F.normalize(x[0]),
        ["cosine_similarity"] = x => F.cosine_similarity(x[0], x[1]),
        ["pairwise_distance"] = x => F.pairwise_distance(x[0], x[1]),
        ["glu"] = x => F.glu(x[0], 1),
        ["softmin"] = x => F.softmin(x[0], 1),
        ["cross_entropy smoothed"] = x => F.cross_entropy(x[0], x[1], label_smoothing: 0.1),
        ["unfold"] = x => F.unfold(x[0], 3, padding: 1, stride: 2),
        ["fold"] = x => F.fold(x[0], 4, 3, padding: 1, stride: 2),
        ["interpolate bicubic"] = x => F.interpolate(x[0], scale_factor: [1.5, 1.5], mode: InterpolationMode.Bicubic,
            align_corners: true),
        ["grid_sample border"] = x => F.grid_sample(x[0], x[1], padding_mode: GridSamplePaddingMode.Border, align_corners: false),
        ["affine_grid"] = x => F.affine_grid(x[0], [2, 4, 3, 3], align_corners: true),
        ["pad replicate"] = x => F.pad(x[0], (1, 2), PaddingModes.Replicate),
        ["scaled_dot_product_attention"] = x => F.scaled_dot_product_attention(x[0], x[1], x[2]),
        ["scaled_dot_product_attention causal"] = x => F.scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true),
    };

    private static T Evaluated<T>(T module) where T : Module
    {
        module.eval();
        return module;
    }

    // Both results in one row, as in the script.
    private static Tensor Attended(MultiheadAttention m, Tensor[] x, bool masked)
    {
        var hidden = masked ? ones(3, 5, dtype: @bool).triu(2) : null;
        var padding = masked ? tensor(new[] { false, false, false, false, false, false, false, false, false, true }).view(2, 5)
            : null;
        var (result, weights) = m.call(x[0], x[1], x[2], padding, true, hidden);
        return cat([result.reshape(-1), weights.reshape(-1)]);
    }

    private static Module? ModuleOf(string name)
    {
        if (Modules.TryGetValue(name, out var make)) return make();
        var parts = name.Split(' ');
        return parts.Length == 2 && Losses.TryGetValue(parts[0], out var loss)
            ? loss(Enum.Parse<Reduction>(parts[1], ignoreCase: true)) : null;
    }

    public static TheoryData<string> Names => [.. Cases.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var c = Cases.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        using var module = ModuleOf(name)?.to(float64);
        if (module is not null)
        {
            var state = c.GetProperty("state").EnumerateObject().ToDictionary(p => p.Name, p => Fixture.ToTensor(p.Value));
            var (missing, unexpected) = module.load_state_dict(state);
            Assert.Empty(missing);
            Assert.Empty(unexpected);
        }
        Tensor[] inputs = [.. c.GetProperty("inputs").EnumerateArray().Select(Fixture.ToTensor)];
        JsonElement[] gradients = [.. c.GetProperty("input_grads").EnumerateArray()];
        for (var k = 0; k < inputs.Length; k++) inputs[k].requires_grad = gradients[k].ValueKind != JsonValueKind.Null;

        var output = module switch
        {
            Module<Tensor, Tensor> m => m.call(inputs[0]),
            Module<Tensor, Tensor, Tensor> m => m.call(inputs[0], inputs[1]),
            Module<Tensor, Tensor, Tensor, Tensor> m => m.call(inputs[0], inputs[1], inputs[2]),
            MultiheadAttention m => Attended(m, inputs, name.EndsWith("masked")),
            _ => Functions[name](inputs),
        };
        Close.Equal(Fixture.ToTensor(c.GetProperty("output")), output, "output");

        var weights = arange(output.numel(), float64).cos().view(output.shape);
        (output * weights).sum().backward();
        for (var k = 0; k < inputs.Length; k++)
            if (inputs[k].requires_grad) Close.Equal(Fixture.ToTensor(gradients[k]), inputs[k].grad!, $"gradient by input {k}");
        if (!c.TryGetProperty("state_grads", out var expected)) return;
        Assert.Equal(expected.EnumerateObject().Count(), module!.parameters().Count());
        foreach (var (own, p) in module.named_parameters())
            Close.Equal(Fixture.ToTensor(expected.GetProperty(own)), p.grad!, $"gradient by {own}");
        foreach (var after in c.GetProperty("buffers_after").EnumerateObject())
            Close.Equal(Fixture.ToTensor(after.Value), module.get_buffer(after.Name)!, $"{after.Name} afterwards");
    }
}
