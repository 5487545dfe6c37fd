using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>A copy of a model's parameters and running statistics as they were at the best evaluation.</summary>
internal sealed class BestParameters(nn.Module model) : IDisposable
{
    private Dictionary<string, Tensor>? copies;

    /// <summary>The copies, by name; none before an evaluation.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors => copies ?? [];

    /// <summary>Copies the model as it is now.</summary>
    internal void Keep()
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        if (copies is null) Take(model.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().clone()));
        else foreach (var (name, tensor) in model.state_dict()) copies[name].copy_(tensor);
    }

    /// <summary>Takes copies that a file held.</summary>
    internal void Take(Dictionary<string, Tensor> tensors) =>
        copies = tensors.ToDictionary(p => p.Key, p => p.Value.DetachFromDisposeScope());

    /// <summary>Gives them back to the model; false when there are none.</summary>
    internal bool PutBack()
    {
        if (copies is null) return false;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in model.state_dict()) tensor.copy_(copies[name]);
        return true;
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values) tensor.Dispose();
    }
}
