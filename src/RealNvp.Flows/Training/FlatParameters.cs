using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// All trainable parameters of a model as views of one buffer, and their gradients as views of a second one. An optimizer then is
/// a handful of operators over one long tensor, however many layers the model has; of a small flow's step, parameter-by-parameter
/// updates are half. Each view keeps its parameter's order in memory: kernels of convolutions that are channels-last stay so.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly string[] names;
    private readonly bool[] channelsLast;

    internal FlatParameters(nn.Module model)
    {
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToArray();
        names = [.. trainable.Select(p => p.name)];
        parameters = [.. trainable.Select(p => p.parameter)];
        if (parameters.Length == 0) throw new ArgumentException("The model has no parameters to train.", nameof(model));
        if (parameters.FirstOrDefault(p => p.dtype != parameters[0].dtype) is { } odd)
            throw new ArgumentException(
                $"A model is trained in one dtype, but its parameters are {parameters[0].dtype} and {odd.dtype}; convert it "
                + "with .to(torch.float32).",
                nameof(model));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Values = parameters[0].new_zeros(parameters.Sum(p => p.numel())).DetachFromDisposeScope();
        Gradients = torch.zeros_like(Values).DetachFromDisposeScope();
        channelsLast = [.. parameters.Select(p => p.IsChannelsLast())];
        foreach (var (p, value, gradient) in parameters.Zip(Views(Values), Views(Gradients)))
        {
            value.copy_(p);
            p.set_(value);
            p.grad = gradient;
        }
    }

    /// <summary>Every parameter's values, [P].</summary>
    internal Tensor Values { get; }

    /// <summary>Every parameter's gradient, [P]; zero it before each backward pass, which adds to it.</summary>
    internal Tensor Gradients { get; }

    /// <summary>A tensor of this layout, [P], as views by the parameters' names.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Named(Tensor flat) => names.Zip(Views(flat));

    /// <summary>A tensor of this layout, [P], as one view for each parameter.</summary>
    private IEnumerable<Tensor> Views(Tensor flat)
    {
        var offset = 0L;
        foreach (var (p, isChannelsLast) in parameters.Zip(channelsLast))
        {
            var part = flat.narrow(0, offset, p.numel());
            yield return isChannelsLast ? part.view(p.size(0), p.size(2), p.size(3), p.size(1)).permute(0, 3, 1, 2)
                : part.view(p.shape);
            offset += p.numel();
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
