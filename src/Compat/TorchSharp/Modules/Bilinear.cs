using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>x1^T A x2 + b; weight A [out, in1, in2], bias [out].</summary>
public sealed class Bilinear : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, torch.Device? device,
        torch.ScalarType? dtype)
        : base(nameof(Bilinear))
    {
        (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
        weight = NewParameter.Empty([out_features, in1_features, in2_features], device, dtype);
        var bound = 1 / Math.Sqrt(in1_features);
        torch.nn.init.uniform_(weight, -bound, bound);
        if (!hasBias) return;
        bias = NewParameter.Empty([out_features], device, dtype);
        torch.nn.init.uniform_(bias, -bound, bound);
    }

    public long in1_features { get; set; }
    public long in2_features { get; set; }
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

    public override torch.Tensor forward(torch.Tensor input1, torch.Tensor input2) =>
        torch.nn.functional.bilinear(input1, input2, _weight!, _bias);
}
