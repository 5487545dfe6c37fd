using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// The network of a coupling: from the kept part [N, Inputs, ...] (and a context [N, ContextSize]) to the transformer's parameters
/// [N, Outputs, ...]. It need not be invertible.
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

    /// <summary>The kept part, with the context's features behind it where there is one.</summary>
    protected static Tensor Join(Tensor kept, Tensor? context) => context is null ? kept : torch.cat([kept, context], 1);
}
