using RealNvp.Chapters;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed class ImageTrainingTests
{
    private static Flow Small(long seed = 4)
    {
        torch.manual_seed(seed);
        return Architectures.RealNvpImages([1, 8, 8], scales: 2, width: 4, blocks: 1);
    }

    private static TrainingOptions Options(TemporaryFolder folder, string name) => new()
    {
        Steps = 24,
        BatchSize = 32,
        Levels = 17,
        FlipHorizontally = true,
        EmaDecay = 0.9,
        EvaluateEvery = 5,
        LogEvery = 4,
        CheckpointEvery = 7,
        Checkpoint = folder[name],
    };

    [Fact]
    public void A_resumed_run_on_images_ends_in_the_same_parameters_statistics_and_averages()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (images, _) = Datasets.Digits();
        var (train, heldOut) = Splits.TrainHeldOut(images.narrow(0, 0, 300));
        var whole = Small();
        var wholeResult = Trainer.Fit(whole, train, heldOut, Options(folder, "a.safetensors"));

        using var stop = new CancellationTokenSource();
        var stopped = Options(folder, "b.safetensors") with
        {
            Cancellation = stop.Token,
            Progress = p =>
            { if (p.Step >= 12) stop.Cancel(); }
        };
        Assert.Equal(TrainingOutcome.Cancelled, Trainer.Fit(Small(), train, heldOut, stopped).Outcome);
        torch.manual_seed(99);
        var resumed = Small(seed: 5);
        var resumedResult = Trainer.Fit(resumed, train, heldOut,
            stopped with { Cancellation = default, Progress = null, Resume = true });
        Assert.Equal(wholeResult.Log.Entries, resumedResult.Log.Entries);
        var (a, _) = Safetensors.Load(folder["a.safetensors"]);
        var (b, _) = Safetensors.Load(folder["b.safetensors"]);
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        Assert.Contains(a.Keys, k => k.StartsWith("ema.", StringComparison.Ordinal)
            && k.Contains("variance", StringComparison.Ordinal));
        foreach (var (name, tensor) in a) Assert.True(tensor.Equals(b[name]), $"{name} differs");
        foreach (var (name, tensor) in whole.state_dict())
            Assert.True(tensor.Equals(resumed.state_dict()[name]), $"{name} differs");
        Assert.Contains("another run",
            Assert.Throws<ArgumentException>(() =>
                Trainer.Fit(Small(), train, heldOut, stopped with { EmaDecay = 0.8, Resume = true })).Message);
    }

    [Fact]
    public void The_average_is_what_its_formula_says()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var flow = Architectures.RealNvp2D(2, [4]);
        var parameter = flow.named_parameters().First().parameter;
        var expected = parameter.detach().clone().to(torch.float64);
        var seen = new List<Tensor>();
        Trainer.Fit(flow, Toys.Moons(64), options: new()
        {
            Steps = 12,
            BatchSize = 32,
            EmaDecay = 0.5,
            LogEvery = 1,
            LearningRate = 0.05,
            Progress = _ => seen.Add(parameter.detach().clone().DetachFromDisposeScope()),
        });
        for (var t = 1; t <= 12; t++)
        {
            var d = Math.Min(0.5, (1.0 + t) / (10 + t));
            expected = expected * d + seen[t - 1].to(torch.float64) * (1 - d);
        }
        // The model that comes back is the average, not the last parameters.
        Assert.True((parameter.detach().to(torch.float64) - expected).abs().max().ToDouble() < 1e-6);
        Assert.False((seen[^1].to(torch.float64) - expected).abs().max().ToDouble() < 1e-4);
    }

    [Fact]
    public void Held_out_losses_are_those_of_the_average_and_use_the_same_noise_each_time()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (images, _) = Datasets.Digits();
        var (train, heldOut) = Splits.TrainHeldOut(images.narrow(0, 0, 200));
        var flow = Small();
        var losses = new List<double>();
        var result = Trainer.Fit(flow, train, heldOut,
            Options(folder, "c.safetensors") with { Evaluated = p => losses.Add(p.HeldOutLoss!.Value) });
        Assert.Equal(5, losses.Count);
        Assert.Equal(losses.Min(), result.BestHeldOutLoss);
        // The same model and noise give the same loss again: 0 more steps from the checkpoint.
        var again = Trainer.Fit(Small(), train, heldOut, Options(folder, "c.safetensors") with { Resume = true });
        Assert.Equal(result.BestHeldOutLoss, again.BestHeldOutLoss);
    }

    [Fact]
    public void A_loss_that_was_not_finite_is_named_with_its_step_and_left_the_parameters_finite()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var flow = Architectures.RealNvp2D(4, [16]);
        var data = Toys.Moons(64);
        using var parameters = new FlatParameters(flow);
        var options = new TrainingOptions { Steps = 40, LogEvery = 20 };
        var error = Assert.Throws<TrainingDivergedException>(() => new TrainingLoop(flow, parameters, options)
        {
            Loss = step => flow.LogProb(data).mean().neg() * (step == 26 ? double.NaN : 1),
        }.Run());
        Assert.Equal(27, error.Step);
        Assert.True(parameters.Values.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Mirrored_batches_hold_images_and_their_mirror_images_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var (images, _) = Datasets.Digits();
        var data = images.narrow(0, 0, 64);
        using var batches = new Batches(data, null, new() { BatchSize = 64, FlipHorizontally = true, Levels = 17 });
        var x = batches.At(0).X;
        Assert.Equal(ScalarType.Float32, x.dtype);
        Assert.True(x.ge(0).logical_and(x.lt(1)).all().ToBoolean());
        var levels = (x * 17).floor().to(ScalarType.Byte).flatten(1);
        var (plain, mirror) = (data.flatten(1), data.flip(-1).flatten(1));
        var same = levels.unsqueeze(1).eq(plain.unsqueeze(0)).all(2);
        var mirrored = levels.unsqueeze(1).eq(mirror.unsqueeze(0)).all(2);
        Assert.True(same.any(1).logical_or(mirrored.any(1)).all().ToBoolean());
        // 32 on average, four standard deviations of 4 below and above it at most
        Assert.InRange(mirrored.any(1).sum().ToInt32(), 18, 46);
    }

    [Fact]
    public void A_context_that_is_an_image_is_mirrored_with_its_event_and_features_are_not()
    {
        using var scope = NewDisposeScope();
        var data = Datasets.Digits().Images.narrow(0, 0, 64);
        var context = torch.cat([data, data + 100], 1).to(torch.float32).flatten(1);
        (Tensor Levels, Tensor Context) Batch(Flow model)
        {
            using var batches = new Batches(data, context, new() { BatchSize = 64, FlipHorizontally = true, Levels = 17 }, model);
            var (x, given) = batches.At(0);
            return ((x * 17).floor(), given!.view(64, 2, 8, 8));
        }

        var (levels, given) = Batch(Architectures.RealNvpImages([1, 8, 8], width: 2, blocks: 1, contextShape: [2, 8, 8]));
        Assert.True(given.Equals(torch.cat([levels, levels + 100], 1)));
        (levels, given) = Batch(Architectures.RealNvpImages([1, 8, 8], width: 2, blocks: 1, contextSize: 128));
        Assert.False(given.Equals(torch.cat([levels, levels + 100], 1)));
        Assert.Equal(context.sum().ToDouble(), given.sum().ToDouble(), 1);
    }

    [Fact]
    public void Data_that_do_not_fit_their_levels_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        var (images, _) = Datasets.Digits();
        string Message(Tensor x, TrainingOptions o) =>
            Assert.Throws<ArgumentException>(() => Trainer.Fit(Small(), x, options: o)).Message;
        Assert.Contains("from 0 to 15", Message(images, new() { Levels = 16 }));
        Assert.Contains("0 to 16", Message(images.to(torch.float32) / 17, new() { Levels = 17 }));
        Assert.Contains("[N, 1, 8, 8]", Message(images.flatten(1), new() { Levels = 17 }));
        Assert.Contains("mirrors images",
            Assert.Throws<ArgumentException>(() =>
                Trainer.Fit(Architectures.RealNvp2D(2, [4]), Toys.Moons(8), options: new() { FlipHorizontally = true })).Message);
        Assert.Contains("EmaDecay", Message(images, new() { EmaDecay = 1 }));
    }

    [Fact]
    public void Kernels_keep_their_channels_side_by_side_in_the_flat_buffer_and_in_a_file()
    {
        using var scope = NewDisposeScope();
        var flow = Small();
        var before = flow.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        using var parameters = new FlatParameters(flow);
        var kernels = flow.named_parameters()
            .Where(p => p.parameter.dim() == 4 && p.parameter.size(1) > 1 && p.parameter.size(2) > 1).ToArray();
        Assert.NotEmpty(kernels);
        foreach (var (name, p) in flow.named_parameters())
        {
            Assert.True(p.Equals(before[name]), name);
            Assert.Equal(before[name].stride(), p.stride());
            Assert.Equal(p.stride(), p.grad!.stride());
        }
        Assert.All(kernels, k => Assert.True(k.parameter.permute(0, 2, 3, 1).is_contiguous(), k.name));
        using var folder = new TemporaryFolder();
        Safetensors.Save(folder["k.safetensors"], flow.state_dict());
        foreach (var (name, tensor) in Safetensors.Load(folder["k.safetensors"])
            .Tensors.Where(t => before.ContainsKey(t.Key))) Assert.True(tensor.Equals(before[name]), name);
    }

    [Fact]
    public void Bfloat16_convolutions_are_near_those_of_float32_and_only_while_asked_for()
    {
        using var scope = NewDisposeScope();
        var flow = Small();
        Trainer.Fit(flow, Datasets.Digits().Images,
            options: new() { Steps = 10, BatchSize = 64, Levels = 17, LearningRate = 5e-3 });
        using var guard = torch.no_grad();
        var x = Dequantize.Uniform(Datasets.Digits().Images.narrow(0, 0, 16), 17);
        var exact = flow.LogProb(x);
        Tensor low;
        using (Precision.BFloat16(flow)) low = flow.LogProb(x);
        Assert.Equal(ScalarType.Float32, low.dtype);
        var relative = ((low - exact) / exact).abs().max().ToDouble();
        Assert.InRange(relative, 1e-9, 0.05);   // eight bits of mantissa in each convolution: not equal, and near
        Assert.True(flow.LogProb(x).Equals(exact));
    }
}
