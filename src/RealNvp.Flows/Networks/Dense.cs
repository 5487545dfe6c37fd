using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A fully connected layer, y = h W + b. W is stored [in, out], as the formula reads: the layer is one operator and its gradient
/// two, where torch's Linear, which stores the transpose, takes a view more in each direction; small flows feel that.
/// </summary>
public sealed class Dense : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>Starts with weights and biases uniform in +-1/sqrt(in), as torch's Linear does, or at zero.</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="zero">Start at zero.</param>
    public Dense(long inputs, long outputs, bool zero = false) : base(nameof(Dense))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        var limit = zero ? 0 : 1 / Math.Sqrt(inputs);
        weight = new Parameter(torch.empty(inputs, outputs).uniform_(-limit, limit));
        bias = new Parameter(torch.empty(outputs).uniform_(-limit, limit));
        RegisterComponents();
    }

    /// <summary>W, [in, out].</summary>
    public Parameter Weight => weight;

    /// <summary>b, [out].</summary>
    public Parameter Bias => bias;

    /// <summary>Features that go in.</summary>
    public long Inputs => weight.size(0);

    /// <summary>Features that come out.</summary>
    public long Outputs => weight.size(1);

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        this.OutliveScopes();
    }

    /// <summary>h W + b.</summary>
    /// <param name="h">[N, in].</param>
    /// <returns>[N, out].</returns>
    public override Tensor forward(Tensor h) => bias.addmm(h, weight);
}
