using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StandInGpu.Tests;

/// <summary>The stand-in minds what a GPU minds: without that, the other tests here would show nothing.</summary>
public sealed class StandInTests
{
    [SkippableFact]
    public void It_is_built_wherever_libtorch_has_no_cuda_of_its_own()
    {
        Skip.If(cuda.is_available() && !StandIn.IsLoaded, "this libtorch has CUDA of its own");
        Assert.True(StandIn.IsLoaded, "the stand-in was not built: dotnet build tests/StandInGpu.Tests says why");
        Assert.Equal(1, cuda.device_count());
    }

    [SkippableFact]
    public void What_makes_the_host_wait_is_counted_and_nothing_else()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var x = ones([4, 3], device: CUDA);
        var host = tensor(new long[] { 2, 0 });
        long Waits(Action work)
        {
            var before = StandIn.Waits();
            work();
            return StandIn.Waits() - before;
        }

        Assert.Equal(0, Waits(() => (x * 2 + 1).exp().matmul(x.t()).sum(0L).add_(3)));
        Assert.Equal(0, Waits(() => x.new_zeros(3).copy_(x[0])));
        Assert.Equal(1, Waits(() => x.sum().ToDouble()));
        Assert.Equal(1, Waits(() => x.cpu()));
        Assert.Equal(1, Waits(() => host.to(CUDA)));
        Assert.Equal(1, Waits(() => x.masked_select(x > 0)));
        Assert.Equal(1, Waits(() => cuda.synchronize()));
        Assert.True(Waits(() => { _ = x[x[.., 0] > 0]; }) > 0);
        Assert.True(Waits(() => { _ = x[host]; }) > 0);
    }

    [SkippableFact]
    public void Tensors_of_two_devices_mix_in_no_operator()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var (here, there) = (ones(2, 2), ones([2, 2], device: CUDA));
        foreach (var work in new Func<Tensor>[]
        {
            () => here + there,
            () => there + here,
            () => where(there > 0, there, here),
            () => cat([there, here]),
            () => there.index_select(0, tensor(new long[] { 0 })),
            () => nn.functional.linear(there, here),
        }) Assert.Contains("same device", Assert.ThrowsAny<Exception>(work).Message);
        Assert.Equal(2, (there * tensor(2f)).max().ToDouble());   // a number may come from the host
    }

    [SkippableFact]
    public void A_capture_changes_nothing_and_a_replay_does_it_all_on_the_memory_that_it_was_given()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (x, sum) = (full([3], 2f, device: CUDA), zeros([3], device: CUDA));
        var (replay, release) = StandIn.Capture(() =>
        {
            using var inner = NewDisposeScope();
            sum.add_((x * x).narrow(0, 0, 3));
        })!.Value;
        Assert.Equal(0, sum.max().ToDouble());
        replay();
        Assert.Equal(4, sum.max().ToDouble());
        x.fill_(3);
        replay();
        Assert.Equal(13, sum.min().ToDouble());
        release();
    }

    [SkippableFact]
    public void A_capture_is_refused_where_the_host_would_wait()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var x = ones(3, device: CUDA);
        Assert.Contains("capturing", Assert.ThrowsAny<Exception>(() => StandIn.Capture(() => _ = x.sum().ToDouble())).Message);
        Assert.Contains("capturing", Assert.ThrowsAny<Exception>(() => StandIn.Capture(() => x.add_(ones(3).to(CUDA)))).Message);
        Assert.Equal(3, x.sum().ToDouble());
    }

    [SkippableFact]
    public void A_failure_that_was_asked_for_comes_and_goes()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var x = ones(3, device: CUDA);
        using (StandIn.FailAfter(2, "CUDA error: unspecified launch failure"))
        {
            x.add_(1);
            Assert.Contains("launch failure", Assert.ThrowsAny<ExternalException>(() => { for (var k = 0; k < 3; k++) x.add_(1); }).Message);
        }
        Assert.Equal(2, x.sub(x.sub(2)).max().ToDouble());
    }
}
