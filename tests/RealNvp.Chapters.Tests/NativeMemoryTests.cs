using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

public sealed class NativeMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Tensors_that_nothing_uses_do_not_pile_up()
    {
        NativeMemory.Watch(growth: 200L << 20);
        const int Tensors = 600;
        const long Bytes = 8L << 20;
        var (before, most) = (Environment.WorkingSet, 0L);
        for (var k = 0; k < Tensors; k++)
        {
            _ = torch.ones(Bytes / 8, float64);
            Thread.Sleep(5);   // as slow as a cell that computes something: the watch comes by five times a second
            most = Math.Max(most, Environment.WorkingSet - before);
        }
        output.WriteLine($"{most >> 20} MiB at most, of {Tensors * Bytes >> 20} made");
        Assert.True(most < Tensors * Bytes / 2, $"memory grew by {most >> 20} MiB");
    }

    [Fact]
    public void A_tensor_that_lives_is_held_and_one_that_is_gone_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs glibc's counts: elsewhere it is the process's memory, which falls late");
        const long Bytes = 256L << 20;
        var before = NativeMemory.Held();
        using (torch.zeros(Bytes, int8))   // other tests run beside this one; they hold less than that
            Assert.InRange(NativeMemory.Held() - before, Bytes * 3 / 4, Bytes * 5 / 4);
        Assert.InRange(NativeMemory.Held() - before, -Bytes / 4, Bytes / 4);
    }
}
