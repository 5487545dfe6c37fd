using System.Collections;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// Batches of a dataset. A batch is disposed when the enumerator goes on to the next one (unless disposeBatch is false): clone
/// what is to be kept. Disposing the loader disposes the dataset (unless disposeDataset is false).
/// </summary>
public class DataLoader<T, S> : IEnumerable<S>, IDisposable
{
    /// <param name="dataset">The items.</param>
    /// <param name="batchSize">Items in a batch; the last one may have fewer.</param>
    /// <param name="collate_fn">Makes a batch of items, on a device.</param>
    /// <param name="shuffler">The order of the items, enumerated anew for every pass.</param>
    /// <param name="device">Where batches go; the CPU if null.</param>
    /// <param name="num_worker">How many threads read items.</param>
    /// <param name="drop_last">Whether a last batch with fewer items is left out.</param>
    /// <param name="disposeBatch">Whether a batch is disposed when the next one is asked for.</param>
    /// <param name="disposeDataset">Whether disposing the loader disposes the dataset.</param>
    public DataLoader(torch.utils.data.Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, torch.Device, S> collate_fn,
        IEnumerable<long> shuffler, torch.Device? device = null, int num_worker = 1, bool drop_last = false,
        bool disposeBatch = true, bool disposeDataset = true)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.dataset = dataset;
        batch_size = batchSize;
        this.collate_fn = collate_fn;
        sampler = shuffler;
        Device = device ?? torch.CPU;
        num_workers = Math.Max(num_worker, 1);
        this.drop_last = drop_last;
        DisposeBatch = disposeBatch;
        DisposeDataset = disposeDataset;
    }

    public DataLoader(torch.utils.data.Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, torch.Device, S> collate_fn,
        bool shuffle = false, torch.Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false,
        bool disposeBatch = true, bool disposeDataset = true)
        : this(dataset, batchSize, collate_fn, shuffle ? new FisherYatesShuffler(dataset.Count, seed) : InOrder(dataset.Count),
            device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    private static IEnumerable<long> InOrder(long count)
    {
        for (long k = 0; k < count; k++) yield return k;
    }

    public torch.utils.data.Dataset<T> dataset { get; }
    public int batch_size { get; }
    public bool drop_last { get; }
    public IEnumerable<long> sampler { get; }
    public int num_workers { get; }
    public Func<IEnumerable<T>, torch.Device, S> collate_fn { get; }
    public torch.Device Device { get; }
    public bool DisposeBatch { get; }
    public bool DisposeDataset { get; }

    /// <summary>Batches in a pass.</summary>
    public long Count => drop_last ? dataset.Count / batch_size : (dataset.Count + batch_size - 1) / batch_size;

    /// <summary>A batch in one go, where the dataset can give one; else null, and the items are read one by one.</summary>
    private protected virtual S? WholeBatch(long[] indices) => default;

    public IEnumerator<S> GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (DisposeDataset) dataset.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Enumerator(DataLoader<T, S> loader) : IEnumerator<S>
    {
        private IEnumerator<long> _order = loader.sampler.GetEnumerator();
        private IReadOnlyList<IDisposable> _ofBatch = [];

        public S Current { get; private set; } = default!;
        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            DisposeCurrent();
            var indices = new List<long>(loader.batch_size);
            while (indices.Count < loader.batch_size && _order.MoveNext()) indices.Add(_order.Current);
            if (indices.Count == 0 || (loader.drop_last && indices.Count < loader.batch_size)) return false;
            var of = Collect(() => Current = loader.WholeBatch([.. indices]) ?? Collated([.. indices]));
            if (loader.DisposeBatch) _ofBatch = of;
            return true;
        }

        private S Collated(long[] indices)
        {
            var items = new T[indices.Length];
            var ofItems = new IReadOnlyList<IDisposable>[indices.Length];
            void Read(int k) => ofItems[k] = Collect(() => items[k] = loader.dataset.GetTensor(indices[k]));
            if (loader.num_workers == 1)
            {
                for (var k = 0; k < indices.Length; k++) Read(k);
            }
            else
            {
                Enumerable.Range(0, indices.Length).AsParallel().WithDegreeOfParallelism(loader.num_workers).ForAll(Read);
            }
            var batch = loader.collate_fn(items, loader.Device);
            foreach (var of in ofItems)
                foreach (var d in of) d.Dispose();
            return batch;
        }

        // What an action makes, taken out of its scope: it belongs to the enumerator then.
        private static IReadOnlyList<IDisposable> Collect(Action action)
        {
            using var scope = torch.NewDisposeScope();
            action();
            var made = scope.DisposablesView;
            scope.Detach(made);
            return made;
        }

        private void DisposeCurrent()
        {
            foreach (var d in _ofBatch) d.Dispose();
            _ofBatch = [];
        }

        public void Reset()
        {
            DisposeCurrent();
            _order.Dispose();
            _order = loader.sampler.GetEnumerator();
        }

        public void Dispose()
        {
            DisposeCurrent();
            _order.Dispose();
        }
    }
}

/// <summary>Batches of tensors by name, each the items' tensors stacked.</summary>
public class DataLoader : DataLoader<Dictionary<string, torch.Tensor>, Dictionary<string, torch.Tensor>>
{
    public DataLoader(torch.utils.data.Dataset dataset, int batchSize, IEnumerable<long> shuffler, torch.Device? device = null,
        int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public DataLoader(torch.utils.data.Dataset dataset, int batchSize, bool shuffle = false, torch.Device? device = null,
        int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    private static Dictionary<string, torch.Tensor> Collate(IEnumerable<Dictionary<string, torch.Tensor>> items,
        torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var all = items.ToList();
        return all[0].Keys.ToDictionary(key => key, key => torch.stack(all.Select(item => item[key])).to(device)
            .MoveToOuterDisposeScope());
    }
}
