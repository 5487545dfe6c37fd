using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>Finds where a value that is not finite first arose.</summary>
internal static class Divergence
{
    /// <summary>The first parameter, layer or part of a flow whose values are not finite on a batch; null when all are.</summary>
    internal static string? FirstLayer(nn.Module model, Tensor x, Tensor? context)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        // Layers are looked at as training saw them; what averages take in on the way is put back.
        var buffers = model.buffers().Select(buffer => (buffer, buffer.clone())).ToArray();
        try
        {
            return First(model, x, context);
        }
        finally
        {
            foreach (var (buffer, before) in buffers) buffer.copy_(before);
        }
    }

    private static string? First(nn.Module model, Tensor x, Tensor? context)
    {
        foreach (var (name, parameter) in model.named_parameters())
            if (!AllFinite(parameter)) return $"parameter {name}";
        if (model is not Flow flow) return null;
        var layers = flow.Bijection is Chain chain ? chain.Layers : [flow.Bijection];
        for (var k = 0; k < layers.Count; k++)
        {
            (x, var logDet) = layers[k].ForwardCore(x, context.For(layers[k].ContextSize));
            if (!AllFinite(x) || !AllFinite(logDet)) return $"layer {k} ({layers[k].ToString().Split('\n')[0]})";
        }
        return AllFinite(flow.Base.LogDensity(x, context.For(flow.Base.ContextSize))) ? null : $"base ({flow.Base})";
    }

    /// <summary>The first parameter whose gradient is not finite; null when all are.</summary>
    internal static string? FirstGradient(nn.Module model)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in model.named_parameters())
            if (parameter.grad is { } gradient && !AllFinite(gradient)) return $"the gradient of {name}";
        return null;
    }

    private static bool AllFinite(Tensor x) => x.isfinite().all().ToBoolean();
}
