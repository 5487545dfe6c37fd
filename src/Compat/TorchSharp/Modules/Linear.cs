using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// x W^T + b; x [..., in_features] -> [..., out_features], weight [out_features, in_features], bias [out_features].
/// </summary>
public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
    {
        var shape = weight.shape;
        if (shape.Length != 2) throw new ArgumentException($"expected a weight [out, in], got [{string.Join(", ", shape)}]",
            nameof(weight));
        (out_features, in_features) = (shape[0], shape[1]);
        this.weight = weight;
        this.bias = bias;
    }

    internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
        : base(nameof(Linear))
    {
        (in_features, out_features) = (inputSize, outputSize);
        weight = NewParameter.Empty([outputSize, inputSize], device, dtype);
        if (hasBias) bias = NewParameter.Empty([outputSize], device, dtype);
        FanInInit.Apply(weight, bias);
    }

    public long in_features { get; set; }
    public long out_features { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set
        {
            NewParameter.Replace(ref _weight, value);
            ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    public Parameter? bias
    {
        get => _bias;
        set
        {
            NewParameter.Replace(ref _bias, value);
            ConditionallyRegisterParameter(nameof(bias), value);
        }
    }

    public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight!, _bias);
}
