using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp.Tests.Data;

[Collection("alone")]   // one test counts the process's tensors
public class DataLoaderTests
{
    private sealed class Squares : utils.data.Dataset
    {
        internal bool Disposed;
        public override long Count => 10;
        public override Dictionary<string, Tensor> GetTensor(long index) =>
            new() { ["x"] = tensor((double)index), ["y"] = tensor((double)(index * index)) };
        protected override void Dispose(bool disposing) => Disposed = true;
    }

    private static float[] Floats(Tensor t) => t.data<float>().ToArray();

    [Fact]
    public void BatchesStackTheItemsInOrder()
    {
        using var loader = DataLoader(TensorDataset(arange(7f), arange(14f).view(7, 2)), 3);
        Assert.Equal(3, loader.Count);
        var seen = new List<float>();
        var sizes = new List<long>();
        foreach (var batch in loader)
        {
            Assert.Equal(2, batch.Count);
            Assert.Equal([batch[0].shape[0], 2], batch[1].shape);
            Assert.Equal(Floats(batch[0]).Select(v => 2 * v), Floats(batch[1][.., 0].contiguous()));
            seen.AddRange(Floats(batch[0]));
            sizes.Add(batch[0].shape[0]);
        }
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], seen);
        Assert.Equal([3, 3, 1], sizes);
    }

    [Fact]
    public void TheLastSmallBatchCanBeDropped()
    {
        using var loader = DataLoader(TensorDataset(arange(7f)), 3, drop_last: true);
        Assert.Equal(2, loader.Count);
        Assert.Equal(2, loader.Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ItemsByNameAreReadByWorkers(int workers)
    {
        var data = new Squares();
        using (var loader = DataLoader(data, 4, shuffle: true, seed: 3, num_worker: workers))
        {
            var all = new List<double>();
            foreach (var batch in loader)
            {
                Assert.True(batch["y"].Equals(batch["x"].pow(2)));
                all.AddRange(batch["x"].data<double>());
            }
            Assert.Equal(Enumerable.Range(0, 10).Select(k => (double)k), all.Order());
            Assert.NotEqual(all.Order(), all);
        }
        Assert.True(data.Disposed);
    }

    [Fact]
    public void ABatchIsDisposedWhenTheNextOneComes()
    {
        using var loader = DataLoader(TensorDataset(arange(4f)), 2);
        Tensor? first = null;
        foreach (var batch in loader)
        {
            if (first is null) first = batch[0];
            else Assert.True(first.IsInvalid);
        }
        using var keeping = DataLoader(TensorDataset(arange(4f)), 2, disposeBatch: false);
        var kept = keeping.ToList();
        Assert.All(kept, batch => Assert.False(batch[0].IsInvalid));
    }

    // The order of System.Random(7), by hand: for k = 0, 1, ... the number (r1 2^32 + r2) mod (k + 1) is where k goes, and what
    // was
    // there moves to place k.
    [Fact]
    public void TheShuffleIsFisherAndYatesWithTheSeed()
    {
        var random = new Random(7);
        var order = new List<long>();
        for (long k = 0; k < 9; k++)
        {
            var place = (int)((((long)random.Next() << 32) + random.Next()) % (k + 1));
            order.Add(k);
            (order[place], order[(int)k]) = (order[(int)k], order[place]);
        }
        using var loader = DataLoader(TensorDataset(arange(9)), 4, shuffle: true, seed: 7);
        for (var pass = 0; pass < 2; pass++)
            Assert.Equal(order, loader.SelectMany(batch => batch[0].data<long>().ToArray()));
    }

    [Fact]
    public void AnOrderCanBeGiven()
    {
        using var loader = DataLoader(TensorDataset(arange(5)), 2, [4, 0, 4]);
        Assert.Equal([4, 0, 4], loader.SelectMany(batch => batch[0].data<long>().ToArray()));
    }

    [Fact]
    public void MemoryStaysWithTheBatches()
    {
        using var loader = DataLoader(TensorDataset(arange(64f)), 8, shuffle: true);
        foreach (var batch in loader) _ = batch[0].shape;
        var before = Tensor.TotalCount;
        for (var pass = 0; pass < 5; pass++)
            foreach (var batch in loader) _ = batch[0].shape;
        Assert.True(Tensor.TotalCount - before < 8, $"{Tensor.TotalCount - before} tensors were left by five passes");
    }

    [Fact]
    public void TensorsOfDifferentLengthsAreRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => TensorDataset(zeros(3, 2), zeros(4)));
        Assert.Contains("[3, 2], [4]", e.Message);
        Assert.Throws<ArgumentNullException>(() => TensorDataset());
    }
}
