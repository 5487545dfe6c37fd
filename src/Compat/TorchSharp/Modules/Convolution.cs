using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// What convolutions share: their shape, weight [out, in / groups, ...kernel] (transposed: [in, out / groups, ...kernel]) and
/// bias [out].
/// </summary>
public abstract class Convolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;

    /// <summary>The padding as functional.pad takes it: last dimension first, both sides of each.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias,
        PaddingModes padding_mode, torch.Device? device = null, torch.ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException($"Only PaddingModes.Zeros is supported for {name}, got {padding_mode}",
                nameof(padding_mode));
        if (groups < 1 || in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException($"expected groups that divide in_channels and out_channels, got {groups} for "
                + $"{in_channels} and {out_channels}", nameof(groups));
        (this.in_channels, this.out_channels, this.groups) = (in_channels, out_channels, groups);
        (this.kernel_size, this.stride, this.dilation) = (kernel_size, stride, dilation);
        (this.transposed, this.output_padding, this.padding_mode) = (transposed, output_padding, padding_mode);
        if (padding_type is { } type) SetPadding(type);
        else SetPadding(padding ?? new long[kernel_size.Length]);

        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = NewParameter.Empty([.. channels, .. kernel_size], device, dtype);
        if (bias) this.bias = NewParameter.Empty([out_channels], device, dtype);
        reset_parameters();
    }

    public long in_channels { get; }
    public long out_channels { get; }
    public bool transposed { get; }

    /// <summary>Null where <see cref="padding"/> holds numbers.</summary>
    public Padding? padding_type { get; private set; }

    /// <summary>Null where <see cref="padding_type"/> says which.</summary>
    public long[]? padding { get; private set; }

    public PaddingModes padding_mode { get; set; }
    public long groups { get; set; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] dilation { get; set; }
    public long[] output_padding { get; set; }

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

    public void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
        _reversed_padding_repeated_twice = [.. padding.Reverse().SelectMany(p => new[] { p, p })];
    }

    /// <exception cref="ArgumentException">The convolution is transposed, or strided and the padding Same.</exception>
    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException($"expected numbers for the padding of {GetName()}, got {padding}",
            nameof(padding));
        if (padding == Padding.Same && stride.Any(s => s != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions", nameof(padding));
        this.padding = null;
        padding_type = padding;
        var sides = new List<long>();
        for (var k = kernel_size.Length - 1; k >= 0; k--)
        {
            var total = padding == Padding.Same ? dilation[k] * (kernel_size[k] - 1) : 0;
            sides.AddRange([total / 2, total - total / 2]);
        }
        _reversed_padding_repeated_twice = [.. sides];
    }

    /// <summary>Whether the input is [N, C, ...] or [C, ...] with this layer's number of channels.</summary>
    protected bool ValidateShape(torch.Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == in_channels)
            || (shape.Length == dimensions + 1 && shape[0] == in_channels);
    }

    private protected void RequireShape(torch.Tensor input, int dimensions)
    {
        if (ValidateShape(input, dimensions)) return;
        throw new ArgumentException($"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input with "
            + $"{in_channels} channels to "
            + $"{GetName()}, got [{string.Join(", ", input.shape)}]", nameof(input));
    }

    /// <summary>The start values of PyTorch: uniform within 1 / sqrt(fan in).</summary>
    public void reset_parameters() => FanInInit.Apply(weight, bias);
}
