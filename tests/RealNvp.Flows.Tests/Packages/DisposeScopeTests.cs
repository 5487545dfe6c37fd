using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Packages;

/// <summary>What the library relies on of TorchSharp's dispose scopes.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_frees_what_is_left_in_it_and_only_that()
    {
        Tensor left, detached, moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                left = ones(2);
                detached = ones(2).DetachFromDisposeScope();
                moved = ones(2).MoveToOuterDisposeScope();
            }
            Assert.True(left.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void Out_of_the_outermost_scope_a_tensor_is_on_its_own()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = (ones(2) + ones(2)).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void An_exception_leaves_nothing_behind_and_the_scope_around_goes_on()
    {
        using var outer = NewDisposeScope();
        Tensor? within = null;
        Assert.ThrowsAny<Exception>(() =>
        {
            using var scope = NewDisposeScope();
            within = ones(2, 3);
            _ = within.reshape(4, 4);
        });
        Assert.True(within!.IsInvalid);
        Assert.Same(outer, CurrentDisposeScope);
        Assert.Equal(0, outer.DisposablesCount);
        Assert.True(outer.Contains(ones(1)));
    }

    [Fact]
    public void A_thread_has_scopes_of_its_own()
    {
        using var scope = NewDisposeScope();
        var (elsewhere, ofThatThread) = (zeros(1), (object?)scope);
        Thread thread = new(() =>
        {
            ofThatThread = CurrentDisposeScope;
            elsewhere = ones(2);
        });
        thread.Start();
        thread.Join();
        Assert.Null(ofThatThread);
        Assert.False(scope.Contains(elsewhere));
        elsewhere.Dispose();
    }

    [Fact]
    public void Gradients_flow_through_what_a_scope_has_freed()
    {
        using var around = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        Tensor loss;
        using (NewDisposeScope()) loss = (x * 2).exp().sum().MoveToOuterDisposeScope();
        loss.backward();
        Assert.True(x.grad!.allclose(2 * (2 * x.detach()).exp()));
    }

    [Fact]
    public void What_is_made_outside_every_scope_lives_until_it_is_disposed()
    {
        Assert.Null(CurrentDisposeScope);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var free = ones(2))
        {
            using (NewDisposeScope()) _ = ones(2);
            Assert.False(free.IsInvalid);
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
