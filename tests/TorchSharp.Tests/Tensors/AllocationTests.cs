using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Tensors;

/// <summary>In a scope, an operator allocates the object of its result and nothing else.</summary>
public class AllocationTests
{
    private static readonly Tensor A = ones(2, 2);
    private static readonly Tensor B = ones(2, 2, requires_grad: true);

    private static readonly long[] Both = [0, 1];

    private static readonly Dictionary<string, Action> Operators = new()
    {
        ["add"] = () => _ = A + B,
        ["add a number"] = () => _ = A + 1.5,
        ["multiply by a number"] = () => _ = 2 * B,
        ["exp"] = () => B.exp(),
        ["matmul"] = () => A.matmul(B),
        ["linear"] = () => F.linear(A, B),
        ["sum of a dimension"] = () => B.sum(1),
        ["sum of dimensions"] = () => B.sum((ReadOnlySpan<long>)Both),
        ["narrow"] = () => B.narrow(1, 0, 1),
        ["compare"] = () => _ = A > B,
        ["zeros"] = () => zeros(2, 3),
    };

    public static TheoryData<string> Names() => [.. Operators.Keys];

    // Bytes a call; the least of several batches, since the runtime allocates for itself now and then (tiered compilation).
    private static long Allocated(Action call)
    {
        const int Batch = 50;
        using var scope = NewDisposeScope();
        var least = long.MaxValue;
        for (var batch = 0; batch < 8; batch++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var k = 0; k < Batch; k++) call();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Batch);
        }
        return least;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OnlyTheTensor(string name)
    {
        var tensor = Allocated(() => A.alias());
        Assert.InRange(tensor, 16, 96);
        Assert.Equal(tensor, Allocated(Operators[name]));
    }

    [Fact]
    public void NothingInPlace() => Assert.Equal(0, Allocated(() => A.mul_(A)));

    [Fact]
    public void NothingForMetadata() =>
        Assert.Equal(0, Allocated(() => _ = A.ndim + A.numel() + (long)A.dtype + (A.requires_grad ? 1 : 0) + (A.is_cuda ? 1 : 0)));
}
