using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A convolution of odd kernel that keeps height and width, its weight parametrised by direction and length, w = g v / |v| for
/// each output channel (Salimans, Kingma 2016, arXiv:1602.07868).
/// </summary>
public sealed class WeightNormConv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter direction;
    private readonly Parameter gain;
    private readonly Parameter bias;

    /// <summary>Starts as torch's convolution does, or at zero (a gain of 0).</summary>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="kernel">Height and width of the kernel, odd.</param>
    /// <param name="zero">Start at zero.</param>
    public WeightNormConv2d(long inputs, long outputs, long kernel, bool zero = false) : base(nameof(WeightNormConv2d))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernel);
        if (kernel % 2 == 0)
            throw new ArgumentException($"A kernel that keeps height and width is odd, but was given {kernel}.", nameof(kernel));
        using var scope = NewDisposeScope();
        var limit = 1 / Math.Sqrt(inputs * kernel * kernel);
        direction = new Parameter(torch.empty([outputs, inputs, kernel, kernel]).uniform_(-limit, limit).ChannelsLast());
        using (torch.no_grad()) gain = new Parameter(zero ? torch.zeros(outputs, 1, 1, 1) : WeightNorm.Length(direction).clone());
        bias = new Parameter(zero ? torch.zeros(outputs) : torch.empty(outputs).uniform_(-limit, limit));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        this.OutliveScopes();
    }

    /// <summary>Convolve in bfloat16, the result cast back; see <see cref="Precision"/>.</summary>
    internal bool InBFloat16 { get; set; }

    /// <summary>[N, inputs, H, W] to [N, outputs, H, W].</summary>
    public override Tensor forward(Tensor x)
    {
        var half = direction.size(2) / 2;
        using var weight = WeightNorm.Of(direction, gain);
        if (!InBFloat16) return F.conv2d(x, weight, bias, padding: [half, half]);
        using var scope = NewDisposeScope();
        const ScalarType Low = ScalarType.BFloat16;
        return scope.MoveToOuter(F.conv2d(x.to(Low), weight.to(Low), bias.to(Low), padding: [half, half]).to(x.dtype));
    }
}
