namespace TorchSharp.Modules;

/// <summary>Batches that are lists of tensors, each the items' tensors stacked.</summary>
public class IterableDataLoader : DataLoader<IList<torch.Tensor>, IList<torch.Tensor>>
{
    public IterableDataLoader(torch.utils.data.IterableDataset dataset, int batchSize, IEnumerable<long> shuffler,
        torch.Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true,
        bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public IterableDataLoader(torch.utils.data.IterableDataset dataset, int batchSize, bool shuffle = false,
        torch.Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true,
        bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    // One gather instead of a view for each row. A class derived from TensorDataset may give other items.
    private protected override IList<torch.Tensor>? WholeBatch(long[] indices) =>
        dataset.GetType() == typeof(TensorDataset) ? ((TensorDataset)dataset).Rows(indices, Device) : null;

    private static IList<torch.Tensor> Collate(IEnumerable<IList<torch.Tensor>> items, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var all = items.ToList();
        return [.. Enumerable.Range(0, all[0].Count).Select(k => torch.stack(all.Select(item => item[k])).to(device)
            .MoveToOuterDisposeScope())];
    }
}
