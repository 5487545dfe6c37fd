using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class LifetimeTests
{
    [Fact]
    public void UseAfterDisposeThrowsAndDisposeIsHarmlessTwice()
    {
        var t = ones(2);
        t.Dispose();
        t.Dispose();
        Assert.True(t.IsInvalid);
        Assert.Contains("Tensor invalid -- empty handle.", Assert.Throws<ObjectDisposedException>(() => t + 1).Message);
        Assert.Throws<ObjectDisposedException>(() => t.shape);
        Assert.Throws<ObjectDisposedException>(() => ones(2).add(t));
        Assert.Throws<ObjectDisposedException>(() => cat([ones(2), t]));
        Assert.Throws<ObjectDisposedException>(() => t.data<float>());
        Assert.Throws<ObjectDisposedException>(() => t.item<float>());
        Assert.Throws<ObjectDisposedException>(() => t.backward());
        Assert.Equal("Tensor invalid -- empty handle.", t.ToString());
    }

    [Fact]
    public void AScopeFreesWhatIsLeftInIt()
    {
        Tensor inner, kept, moved;
        using (var outer = NewDisposeScope())
        {
            using (var scope = NewDisposeScope())
            {
                inner = ones(2);
                kept = ones(2).DetachFromDisposeScope();
                moved = ones(2).MoveToOuterDisposeScope();
                Assert.Equal(1, scope.DisposablesCount);
                Assert.True(scope.Contains(inner));
            }
            Assert.True(inner.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void DisposeEverythingButKeepsAndTheScopeStaysInUse()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (ones(1), ones(2), ones(3));
        scope.DisposeEverythingBut(a, c);
        Assert.False(a.IsInvalid);
        Assert.True(b.IsInvalid);
        Assert.False(c.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.True(a.IsInvalid);
    }

    [Fact]
    public void OuterOfNoScopeDetaches()
    {
        Tensor t;
        using (NewDisposeScope()) t = WrappedTensorDisposeScope(() => ones(2) + ones(2)).MoveToOuterDisposeScope();
        Assert.False(t.IsInvalid);
        t.Dispose();
    }

    [Fact]
    public void BackwardWorksAfterItsIntermediatesAreGone()
    {
        var x = ones(3, requires_grad: true);
        Tensor loss;
        using (NewDisposeScope()) loss = (x * 2).exp().sum().MoveToOuterDisposeScope();
        loss.backward();
        Assert.True(x.grad!.allclose(2 * (2 * x.detach()).exp()));
    }

    [Fact]
    public void GradIsNullOrANewObjectOnEachRead()
    {
        var x = ones(2, requires_grad: true);
        Assert.Null(x.grad);
        x.sum().backward();
        Assert.NotSame(x.grad, x.grad);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void ViewsAndConversionsAreNewObjectsOverTheSameMemory()
    {
        var x = zeros(4);
        var y = x.to(float32);
        Assert.NotSame(x, y);
        y[0] = 5f;
        x.view(2, 2)[1, 1] = 7f;
        x.detach()[1] = 6f;
        Assert.Equal([5, 6, 0, 7], x.data<float>().ToArray());
    }

    [Fact]
    public void ATensorCopiesAnArrayAndFromArrayShares()
    {
        float[] array = [1, 2, 3];
        var copied = tensor(array);
        var shared = from_array(array);
        var viewed = as_tensor(array);
        array[0] = 9;
        Assert.Equal(1, copied[0].item<float>());
        Assert.Equal(9, shared[0].item<float>());
        Assert.Equal(9, viewed[0].item<float>());
        shared[1] = 8f;
        Assert.Equal(8, array[1]);
        var bytes = frombuffer(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 }, float32);
        Assert.Equal([1, 2], bytes.data<float>().ToArray());
    }

    [Fact]
    public void SharedArraysLiveAsLongAsTheirTensors()
    {
        var views = Enumerable.Range(0, 50).Select(k => from_array(new[] { (double)k, k, k })[1..]).ToList();
        Collect();
        for (var k = 0; k < views.Count; k++) Assert.Equal([k, k], views[k].data<double>().ToArray());
    }

    [Fact]
    public void AnAccessorIsALiveViewInRowMajorOrder()
    {
        var x = arange(6, float32).view(2, 3);
        var data = x.t().data<float>();
        Assert.Equal([0, 3, 1, 4, 2, 5], data.ToArray());
        Assert.Equal(5, data[2, 1]);
        data[2, 1] = 50;
        Assert.Equal(50, x[1, 2].item<float>());
        Assert.Equal(6, data.Count);
        Assert.Throws<IndexOutOfRangeException>(() => data[3, 0]);
        Assert.Equal(new float[,] { { 0, 1, 2 }, { 3, 4, 50 } }, x.data<float>().ToNDArray());
    }

    [Fact]
    public void EqualsComparesValuesAndTheOperatorGivesATensor()
    {
        var x = ones(2);
        Assert.True(x.Equals(ones(2)));
        Assert.False(x.Equals(ones(3)));
        Assert.Equal(torch.@bool, (x == ones(2)).dtype);
        Assert.True(torch.equal(x, ones(2)) is Tensor);
    }

    [Fact]
    public void CollectionsAtEveryStepChangeNoResult()
    {
        double[] Run(bool collect)
        {
            manual_seed(3);
            var w = randn(3, 3, float64, requires_grad: true);
            var x = randn(8, 3, float64);
            var losses = new List<double>();
            for (var step = 0; step < 20; step++)
            {
                var hidden = x.matmul(w).tanh();
                if (collect) Collect();
                var loss = (hidden - x).pow(2).mean();
                if (collect) Collect();
                loss.backward();
                if (collect) Collect();
                using (no_grad()) w.sub_(w.grad! * 0.1);
                w.grad = null;
                losses.Add(loss.ToDouble());
            }
            return [.. losses];
        }
        Assert.Equal(Run(false), Run(true));
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
