using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class IndexingTests
{
    private static Tensor Grid(long rows, long columns) => arange(rows * columns, float32).view(rows, columns);

    private static float[] Values(Tensor t) => t.data<float>().ToArray();

    [Fact]
    public void NumbersSlicesAndNewAxesGiveViews()
    {
        var x = Grid(3, 4);
        Assert.Equal([0, 1, 2, 3], Values(x[0]));
        Assert.Equal([8, 9, 10, 11], Values(x[-1]));
        Assert.Equal(6, x[1, 2].item<float>());
        Assert.Equal([1, 5, 9], Values(x[.., 1]));
        Assert.Equal([3, 7, 11], Values(x[.., ^1]));
        Assert.Equal([3, 7, 11], Values(x[TensorIndex.Ellipsis, -1]));
        Assert.Equal([3, 1, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([0, 1, 2, 3, 8, 9, 10, 11], Values(x[TensorIndex.Slice(0, 3, 2)]));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Values(x[(0, 2)]));
        Assert.Equal([5, 6, 7, 9, 10, 11], Values(x[1.., 1..]));
    }

    [Fact]
    public void MasksAndIndexTensorsGather()
    {
        var x = Grid(3, 4);
        Assert.Equal([9, 10, 11], Values(x[x > 8]));
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3], Values(x[tensor(new long[] { 2, 0 })]));
        Assert.Equal([6, 9], Values(x[tensor(new long[] { 1, 2 }), tensor(new long[] { 2, 1 })]));
        Assert.Equal([4, 6], Values(x[TensorIndex.Single(1), TensorIndex.Tensor(tensor(new long[] { 0, 2 }))]));
    }

    [Fact]
    public void AMaskOfTwoDimensionsIsFollowedByTheNextOne()
    {
        var x = arange(24, float32).view(2, 3, 4);
        var mask = zeros(2, 3, torch.@bool);
        mask[1, 2] = true;
        Assert.Equal([20, 21], Values(x[TensorIndex.Tensor(mask), TensorIndex.Slice(0, 2)]));
    }

    [Fact]
    public void EveryFormCanBeAssignedTo()
    {
        var x = zeros(3, 4);
        x[.., 1] = 7f;
        x[0] = tensor(new float[] { 1, 2, 3, 4 });
        x[2, 3] = 5;
        x[x > 6] = -1f;
        Assert.Equal([1, 2, 3, 4, 0, -1, 0, 0, 0, -1, 0, 5], Values(x));
        x[tensor(new long[] { 0, 2 })] = 0f;
        Assert.Equal([0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0], Values(x));
    }

    [Fact]
    public void NegativeStepsAndTooManyIndicesAreRefused()
    {
        var x = Grid(2, 2);
        Assert.ThrowsAny<Exception>(() => x[TensorIndex.Slice(null, null, -1)]);
        var e = Assert.Throws<IndexOutOfRangeException>(() => x[TensorIndex.Single(0), TensorIndex.Single(0), TensorIndex.Single(0)]);
        Assert.Contains("at most 2 indices for shape [2, 2], got 3", e.Message);
    }
}
