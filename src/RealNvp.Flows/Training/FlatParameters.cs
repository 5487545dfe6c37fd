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
    private readonly string[] names;

    internal FlatParameters(nn.Module model)
    {
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToArray();
        names = [.. trainable.Select(p => p.name)];
        parameters = [.. trainable.Select(p => p.parameter)];
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

    /// <summary>A tensor of this layout, [P], as views by the parameters' names.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Named(Tensor flat)
    {
        var offset = 0L;
        for (var k = 0; k < parameters.Length; k++)
        {
            var n = parameters[k].numel();
            yield return (names[k], flat.narrow(0, offset, n).view(parameters[k].shape));
            offset += n;
        }
    }

    /// <summary>Gives the gradients up; parameters keep their values.</summary>
    public void Dispose()
    {
        foreach (var p in parameters) p.grad = null;
        Values.Dispose();
        Gradients.Dispose();
    }
}
