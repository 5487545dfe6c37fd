using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// All trainable parameters of a model as views of one buffer, and their gradients as views of a second one. An optimizer then is a handful of
/// operators over one long tensor, however many layers the model has; of a small flow's step, parameter-by-parameter updates are half.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Parameter[] parameters;

    internal FlatParameters(nn.Module model)
    {
        parameters = [.. model.parameters().Where(p => p.requires_grad)];
        if (parameters.Length == 0) throw new ArgumentException("The model has no parameters to train.", nameof(model));
        if (parameters.FirstOrDefault(p => p.dtype != parameters[0].dtype) is { } odd)
            throw new ArgumentException(
                $"A model is trained in one dtype, but its parameters are {parameters[0].dtype} and {odd.dtype}; convert it with .to(torch.float32).",
                nameof(model));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Values = torch.cat([.. parameters.Select(p => p.detach().reshape(-1))]).DetachFromDisposeScope();
        Gradients = torch.zeros_like(Values).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var p in parameters)
        {
            var n = p.numel();
            p.set_(Values.narrow(0, offset, n).view(p.shape));
            p.grad = Gradients.narrow(0, offset, n).view(p.shape);
            offset += n;
        }
    }

    /// <summary>Every parameter's values, [P].</summary>
    internal Tensor Values { get; }

    /// <summary>Every parameter's gradient, [P]; zero it before each backward pass, which adds to it.</summary>
    internal Tensor Gradients { get; }

    /// <summary>Gives the gradients up; parameters keep their values.</summary>
    public void Dispose()
    {
        foreach (var p in parameters) p.grad = null;
        Values.Dispose();
        Gradients.Dispose();
    }
}
