using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>x where positive, else weight x, with a learned weight for all channels or for each (He et al. 2015).</summary>
public sealed class PReLU : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter _weight = null!;

    internal PReLU(long num_parameters, double init, torch.Device? device, torch.ScalarType? dtype) : base(nameof(PReLU))
    {
        this.num_parameters = num_parameters;
        weight = NewParameter.Filled(init, [num_parameters], device, dtype);
    }

    public long num_parameters { get; private set; }

    public Parameter weight
    {
        get => _weight;
        set
        {
            NewParameter.Replace(ref _weight!, value);
            ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.prelu(tensor, _weight);
}
