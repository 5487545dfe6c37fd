using RealNvp.Chapters;
using RealNvp.Flows.Compression;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Compression;

public sealed class LosslessTests
{
    [Theory]
    [InlineData(new long[] { 5 })]
    [InlineData(new long[] { 3, 4, 6 })]
    public void An_integer_flows_probabilities_sum_and_its_samples_are_whole(long[] shape)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Wild(Architectures.Integer(shape, levels: 16, layers: 3, width: 6));
        var x = flow.Sample(200);
        Assert.True(x.eq(x.round()).all().ToBoolean());
        var (z, logDet) = flow.Bijection.Forward(x);
        Assert.Equal(0, logDet.abs().max().ToDouble());
        Assert.True(flow.Bijection.Inverse(z).X.Equals(x));
        Assert.True(flow.LogProb(x + 0.25).eq(double.NegativeInfinity).all().ToBoolean());
    }

    [Fact]
    public void The_base_gives_what_sigmoids_differ_by_and_sums_to_one()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var density = new DiscretizedLogistics([1], levels: 10, components: 2).to(float64);
        using (no_grad()) foreach (var p in density.parameters()) p.add_(randn_like(p) * 0.5);
        var (weights, means, scales) = density.Elements()[0];
        double Below(double t) => weights.Zip(means, scales).Sum(c => c.First / (1 + Math.Exp((c.Second - t) / c.Third)));
        var z = arange(-200, 201, float64).unsqueeze(1);
        var p0 = density.LogProb(z).exp();
        Assert.Equal(1, p0.sum().ToDouble(), 1e-9);
        Assert.All(Enumerable.Range(190, 21), k =>
            Assert.Equal(Below(k - 200 + 0.5) - Below(k - 200 - 0.5), p0[k].ToDouble(), 1e-12));
        var draws = density.Sample(20_000, generator: new Generator(5));
        foreach (var t in new[] { -2, 3, 7 })
            Assert.Equal(Below(t + 0.5), draws.le(t).to(float64).mean().ToDouble(), 4 * 0.5 / Math.Sqrt(20_000));
        // Far out nothing is lost to rounding: the tail of a logistic falls by 1/s a step.
        var far = density.LogProb(tensor(new[,] { { 1e5 }, { 1e5 + 1 } }, float64));
        Assert.Equal(1 / scales.Max(), (far[0] - far[1]).ToDouble(), 1e-6);
    }

    [Fact]
    public void A_hundred_held_out_digits_take_one_percent_more_than_the_models_bits_at_most()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var images = Datasets.Digits().Images.to(float32);
        var (train, heldOut) = (images[..1500], images[1500..1600]);
        var flow = Architectures.Integer([1, 8, 8], levels: 17, layers: 4, width: 16);
        var fresh = flow.BitsPerDim(heldOut).mean().ToDouble();
        Trainer.Fit(flow, train, options: new() { Steps = 150, BatchSize = 100, LearningRate = 5e-3 });
        var bits = flow.LogProb(heldOut).sum().ToDouble() / -Math.Log(2);
        Assert.True(bits / 6400 < fresh - 0.5, $"{fresh:f2} bits/dim before, {bits / 6400:f2} after training");
        var bytes = Lossless.Compress(flow, heldOut);
        Assert.InRange(bytes.Length * 8, bits, bits * 1.01);
        Assert.True(Lossless.Decompress(flow, bytes).Equals(heldOut.to(int32)));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{bits / 8:f0} bytes by the model, {bytes.Length} written, 6400 numbers");
    }

    [Fact]
    public void Numbers_far_outside_and_no_numbers_at_all_come_back()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var flow = Wild(Architectures.Integer([4], levels: 8, layers: 2, width: 8));
        var x = tensor(new[,] { { 0, 7, -1, 3 }, { 1_000_000, -9_000_000, 0, 16_000_000 } });
        Assert.True(Lossless.Decompress(flow, Lossless.Compress(flow, x)).Equals(x));
        Assert.Equal([0, 4], Lossless.Decompress(flow, Lossless.Compress(flow, zeros(0, 4))).shape);
    }

    [Fact]
    public void Bytes_that_are_cut_off_damaged_or_foreign_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var flow = Wild(Architectures.Integer([6], levels: 16, layers: 2, width: 8));
        var other = Wild(Architectures.Integer([6], levels: 16, layers: 2, width: 8));
        var x = randint(0, 16, [300, 6]);
        var bytes = Lossless.Compress(flow, x);
        string Refused(Flow by, byte[] what) => Assert.Throws<InvalidDataException>(() => Lossless.Decompress(by, what)).Message;
        for (var length = 0; length < bytes.Length; length += length < 20 ? 1 : 37) Refused(flow, bytes[..length]);
        var random = new Random(6);
        for (var k = 0; k < 100; k++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length - 1)] ^= (byte)(1 + random.Next(255));
            Refused(flow, damaged);
        }
        Assert.Contains("another flow", Refused(other, bytes));
        Assert.Contains("none that", Refused(flow, [.. "a text that is no such file"u8]));
    }

    [Fact]
    public void A_flow_of_real_numbers_and_values_that_are_not_whole_are_refused()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.Integer([4], levels: 8, layers: 2, width: 8);
        string Refused(Flow by, Tensor x) => Assert.Throws<ArgumentException>(() => Lossless.Compress(by, x)).Message;
        Assert.Contains("DiscretizedLogistics", Refused(Architectures.RealNvp(4, 2, [8]), zeros(2, 4)));
        Assert.Contains("whole numbers", Refused(flow, full(2, 4, 0.5)));
        Assert.Contains("whole numbers", Refused(flow, full(2, 4, float.NaN)));
        Assert.Contains("whole numbers", Refused(flow, full(2, 4, 3.000000001, float64)));
        Assert.Contains("2^24", Refused(flow, full(2, 4, 1 << 24, int64)));
        Assert.Contains("[2, 5]", Refused(flow, zeros(2, 5)));
        var real = new Flow(Wild(Architectures.RealNvp(4, 2, [8])).Bijection, new DiscretizedLogistics([4], 8));
        Assert.Contains("RoundedConditioner", Refused(real, randint(0, 8, [20, 4])));
    }

    private static Flow Wild(Flow flow)
    {
        using var guard = no_grad();
        foreach (var p in flow.parameters()) p.add_(randn_like(p) * 0.3);
        return flow;
    }
}
