using static TorchSharp.torch;

namespace RealNvp.Flows;

internal static class Disposed
{
    /// <summary>Holds a model to be one whose tensors are still there.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed, by itself or with a model that it is part of.</exception>
    internal static void Require(nn.Module model)
    {
        if (model is FlowModule { IsDisposed: true } || model.parameters().Concat(model.buffers()).Any(tensor => tensor.IsInvalid))
            throw Error(model);
    }

    internal static ObjectDisposedException Error(nn.Module model) => new(model.GetName(),
        $"This {model.GetName()} was disposed, by itself or with a model that it is part of: its parameters are gone.");
}
