using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// The network of a coupling: from the kept part [N, Inputs, ...] (and a context [N, ContextSize]) to the transformer's
/// parameters [N, Outputs, ...]. It need not be invertible.
/// </summary>
public abstract class Conditioner : nn.Module<Tensor, Tensor?, Tensor>
{
    /// <summary>Sets the sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    protected Conditioner(string name, int inputs, int outputs, long? contextSize = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        if (contextSize is { } size) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(contextSize));
        Inputs = inputs;
        Outputs = outputs;
        ContextSize = contextSize;
    }

    /// <summary>Features (or channels) that go in.</summary>
    public int Inputs { get; }

    /// <summary>Parameters (or channels of them) that come out.</summary>
    public int Outputs { get; }

    /// <summary>Features of the context; null when it takes none.</summary>
    public long? ContextSize { get; }

    /// <summary>How numbers far out are seen; null: as they are.</summary>
    internal FarInputs? Far { get; init; }

    /// <summary>Whether it works on images [N, C, H, W] (true) or vectors [N, d] (false); null where it does not say.</summary>
    internal virtual bool? OnImages => null;

    /// <summary>[c, H, W] where its context is an image, flattened; else null.</summary>
    internal virtual long[]? ContextImage => null;

    /// <summary>Holds the network to be one of images or of vectors, as the events that it conditions are.</summary>
    /// <exception cref="ArgumentException">It is of the other kind.</exception>
    internal void RequireKindOf(long[] eventShape)
    {
        if (OnImages is { } images && images != eventShape.Length > 1)
            throw new ArgumentException(
                $"{GetName()} is a network of {(images ? "images [N, C, H, W]" : "vectors [N, d]")}, but these events have "
                + $"shape {Shapes.Text(eventShape)}; "
                + $"take {(images ? $"{nameof(Mlp)} or {nameof(ResidualMlp)}" : $"{nameof(ConvConditioner)} or {nameof(ResidualConvNet)}")}.", "conditioner");
    }

    /// <summary>
    /// Registers the fields that are modules, parameters and tensors; these live as long as this does, whatever scope they were
    /// made in.
    /// </summary>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        this.OutliveScopes();
    }

    /// <summary>The kept part, with the context's features behind it where there is one.</summary>
    protected static Tensor Join(Tensor kept, Tensor? context) => context is null ? kept : torch.cat([kept, context], 1);

    /// <summary>The same with the kept part as it is seen.</summary>
    private protected Tensor Seen(Tensor kept, Tensor? context) => Join(Far is null ? kept : Far.Seen(kept), context);
}
