namespace TorchSharp.Modules;

/// <summary>Tensors side by side: item k is row k of each. It holds on to the tensors whatever scope they were made in.</summary>
public class TensorDataset : torch.utils.data.IterableDataset
{
    private readonly torch.Tensor[] _tensors;

    internal TensorDataset(torch.Tensor[] tensors)
    {
        if (tensors is null || tensors.Length == 0) throw new ArgumentNullException(nameof(tensors),
            "expected at least one tensor, got none");
        var rows = tensors.Select(t => t.ndim > 0 ? t.shape[0] : -1).ToArray();
        if (rows[0] < 0 || rows.Any(n => n != rows[0]))
        {
            throw new ArgumentException("All tensors must have the same first dimension size, got "
                + string.Join(", ", tensors.Select(t => $"[{string.Join(", ", t.shape)}]")), nameof(tensors));
        }
        Count = rows[0];
        _tensors = [.. tensors.Select(t => t.alias().DetachFromDisposeScope())];
    }

    public override long Count { get; }

    public IList<torch.Tensor> this[long index] => [.. _tensors.Select(t => t.select(0, index))];

    public override IList<torch.Tensor> GetTensor(long index) => this[index];

    /// <summary>Several items at once, which is what stacking them one by one gives.</summary>
    internal IList<torch.Tensor> Rows(long[] indices, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var at = torch.tensor(indices);
        return [.. _tensors.Select(t => t.index_select(0, at.to(t.device)).to(device).MoveToOuterDisposeScope())];
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var t in _tensors) t.Dispose();
    }
}
