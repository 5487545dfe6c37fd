using RealNvp.Flows.Bijections;
using RealNvp.Flows.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace StandInGpu.Tests;

/// <summary>Every bijection of the table on the other device: all its tensors move there, and what it computes stays there and is what the CPU computes.</summary>
public sealed class DeviceTests
{
    private const long N = 4;

    /// <summary>Forward maps that decide by values, and so make the host wait: a solver that adapts its steps, and quantiles that are searched to a tolerance.</summary>
    private static readonly string[] Deciding =
        ["continuous flow", "continuous flow, adjoint gradients, with context", "elementwise mixture of normals", "mixture of normals coupling", "gaussianization"];

    public static TheoryData<string> Names => BijectionTable.Names;

    [SkippableTheory, MemberData(nameof(Names))]
    public void Forward_gives_the_cpus_values_there(string name) => GivesTheCpusValues(name, forward: true);

    [SkippableTheory, MemberData(nameof(Names))]
    public void Inverse_gives_the_cpus_values_there(string name) => GivesTheCpusValues(name, forward: false);

    [SkippableTheory, MemberData(nameof(Names))]
    public void Forward_and_its_gradients_make_the_host_wait_where_they_decide_by_values_only(string name)
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var f = row.Build();
        f.to(CUDA);
        var (x, context) = (row.Events(N).to(CUDA), row.ContextFor(N)?.to(CUDA));
        long Waits()
        {
            using var inner = NewDisposeScope();
            var before = StandIn.Waits();
            var (z, logDet) = f.Forward(x.detach().requires_grad_(true), context);
            (z.sum() + logDet.sum()).backward();
            return StandIn.Waits() - before;
        }

        Waits();   // what is kept for each device comes there
        var waits = Waits();
        if (Deciding.Contains(name)) Assert.True(waits > 0, "does not wait any more: take it off the list");
        else Assert.True(waits == 0, $"waits {waits} times, last for {StandIn.LastWait}");
    }

    private static void GivesTheCpusValues(string name, bool forward)
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var row = BijectionTable.Row(name);
        var f = row.Build();
        var x = forward ? row.Events(N) : row.Latents(f, N);
        var context = row.ContextFor(N);
        Tensor[] Values(Device device)
        {
            torch.manual_seed(11);
            f.to(device);
            var start = x.to(device).detach().requires_grad_(true);
            var (y, logDet) = forward ? f.Forward(start, context?.to(device)) : f.Inverse(start, context?.to(device));
            (y.sum() + logDet.sum()).backward();
            Tensor[] results = [y.detach(), logDet.detach(), start.grad!];
            Assert.All(results, r => Assert.Equal(device.type, r.device_type));
            Assert.All(f.parameters(), p => Assert.Equal(device.type, (p.grad ?? p).device_type));
            return [.. results.Select(r => r.cpu())];
        }

        // The same kernels; what differs is which of their forms the layout in memory picks.
        foreach (var (here, there) in Values(CPU).Zip(Values(CUDA)))
            Assert.True(here.allclose(there, 1e-9, 1e-9), $"{here.npstr()} here, {there.npstr()} there");
    }
}
