using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// What batch and instance normalisation share: weight and bias [C], running mean and variance [C] and the number of batches
/// seen.
/// </summary>
public abstract class NormBase : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private torch.Tensor? _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private torch.Tensor? _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private torch.Tensor? _num_batches_tracked;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device,
        torch.ScalarType? dtype, string name) : base(name)
    {
        (this.num_features, this.eps, this.momentum) = (num_features, eps, momentum);
        (this.affine, this.track_running_stats) = (affine, track_running_stats);
        if (affine)
        {
            weight = NewParameter.Filled(1, [num_features], device, dtype);
            bias = NewParameter.Filled(0, [num_features], device, dtype);
        }
        if (!track_running_stats) return;
        running_mean = NewParameter.Buffer(0, [num_features], device, dtype);
        running_var = NewParameter.Buffer(1, [num_features], device, dtype);
        num_batches_tracked = NewParameter.Buffer(0, [], device, torch.ScalarType.Int64);
    }

    public long num_features { get; }
    public double eps { get; set; }

    /// <summary>The weight of a new batch in the running statistics; null: all batches weigh the same.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }
    public bool track_running_stats { get; }

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

    public torch.Tensor? running_mean
    {
        get => _running_mean;
        set
        {
            NewParameter.Replace(ref _running_mean, value);
            ConditionallyRegisterBuffer(nameof(running_mean), value);
        }
    }

    public torch.Tensor? running_var
    {
        get => _running_var;
        set
        {
            NewParameter.Replace(ref _running_var, value);
            ConditionallyRegisterBuffer(nameof(running_var), value);
        }
    }

    /// <summary>Int64, whatever the module is cast to.</summary>
    public torch.Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set
        {
            NewParameter.Replace(ref _num_batches_tracked, value);
            ConditionallyRegisterBuffer(nameof(num_batches_tracked), value);
        }
    }

    /// <exception cref="ArgumentException">The input has other dimensions.</exception>
    protected abstract void ValidateInputDimensions(torch.Tensor input);

    private protected void RequireDimensions(torch.Tensor input, params ReadOnlySpan<int> allowed)
    {
        var n = (int)input.ndim;
        if (allowed.Contains(n)) return;
        throw new ArgumentException($"expected {string.Join(" or ", allowed.ToArray())} dimensions for {GetName()}, got "
            + $"[{string.Join(", ", input.shape)}]", nameof(input));
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        torch.nn.init.zeros_(_running_mean!);
        torch.nn.init.ones_(_running_var!);
        torch.nn.init.zeros_(_num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        torch.nn.init.ones_(_weight!);
        torch.nn.init.zeros_(_bias!);
    }
}
