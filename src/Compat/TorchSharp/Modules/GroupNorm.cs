using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// Normalises [N, C, ...] over groups of channels, each sample by itself; weight and bias [C] (Wu and He 2018).
/// </summary>
public sealed class GroupNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, torch.Device? device, torch.ScalarType? dtype)
        : base(nameof(GroupNorm))
    {
        if (num_groups < 1 || num_channels % num_groups != 0)
            throw new ArgumentException($"expected num_groups that divides num_channels, got {num_groups} for {num_channels}",
                nameof(num_groups));
        (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
        if (!affine) return;
        weight = NewParameter.Filled(1, [num_channels], device, dtype);
        bias = NewParameter.Filled(0, [num_channels], device, dtype);
    }

    public long num_groups { get; set; }
    public double eps { get; set; }
    public bool affine { get; set; }

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

    public override torch.Tensor forward(torch.Tensor tensor)
    {
        if (tensor.ndim < 2) throw new ArgumentException($"expected at least 2 dimensions for GroupNorm, got {tensor.ndim}",
            nameof(tensor));
        return torch.nn.functional.group_norm(tensor, num_groups, _weight, _bias, eps);
    }
}
