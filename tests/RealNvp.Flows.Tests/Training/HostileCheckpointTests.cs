using System.Buffers.Binary;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Checkpoints that no run can go on from: each is refused, and stays as it is, and so does the model.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder["run.safetensors"];

    private TrainingOptions Options => new()
    {
        Steps = 6,
        BatchSize = 16,
        DataNoise = 0.1,
        EmaDecay = 0.9,
        EvaluateEvery = 2,
        LogEvery = 2,
        CheckpointEvery = 2,
        Checkpoint = Checkpoint,
    };

    public void Dispose() => _folder.Dispose();

    private static Flow Model()
    {
        torch.manual_seed(1);
        return Architectures.RealNvp2D(2, [4]);
    }

    private TrainingResult Fit(Flow flow, TrainingOptions options) =>
        Trainer.Fit(flow, Toys.Moons(40), Toys.Moons(20, seed: 1), options);

    private (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Written()
    {
        Fit(Model(), Options);
        return Safetensors.Load(Checkpoint);
    }

    private string Refusal(Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        Safetensors.Save(Checkpoint, tensors, metadata);
        var (before, flow) = (File.ReadAllBytes(Checkpoint), Model());
        var (values, generator) = (flow.parameters().Select(p => p.detach().clone()).ToArray(), torch.get_rng_state());
        var error = Record.Exception(() => Fit(flow, Options with { Steps = 20, Resume = true }));
        Assert.NotNull(error);
        Assert.True(error is InvalidDataException or ArgumentException, error.ToString());
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
        Assert.All(values.Zip(flow.parameters()), p => Assert.True(p.First.Equals(p.Second)));
        Assert.True(generator.Equals(torch.get_rng_state()));
        Assert.Equal([Checkpoint], Directory.GetFileSystemEntries(_folder.Path));
        return error.Message;
    }

    [Theory]
    [InlineData("step", "abc")]
    [InlineData("step", "-1")]
    [InlineData("step", "99999999999999999999")]
    [InlineData("best_step", "7")]
    [InlineData("best_loss", "low")]
    [InlineData("held_out_loss", "1,5")]
    [InlineData("evaluations_without_gain", "4294967296")]
    [InlineData("loss_sum", "")]
    [InlineData("loss_count", "1.5")]
    [InlineData("log", "")]
    [InlineData("log", "null")]
    [InlineData("log", "[null]")]
    [InlineData("log", "[{}]")]
    [InlineData("log", "{\"Step\":1}")]
    [InlineData("format", "realnvp-training-3\u001b[2J")]
    public void Metadata_that_are_no_numbers_are_refused_by_name(string key, string value)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Written();
        metadata[key] = value;
        var message = Refusal(tensors, metadata);
        Assert.Contains(key, message);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public void Metadata_that_are_missing_are_named()
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Written();
        foreach (var key in (string[])["format", "settings", "step", "best_step", "best_loss", "held_out_loss", "loss_sum",
            "log"])
            Assert.Contains($"lacks {key}",
                Refusal(tensors, metadata.Where(p => p.Key != key).ToDictionary(p => p.Key, p => p.Value)));
    }

    /// <summary>A damaged state ends the process in libtorch, if it gets there.</summary>
    [Theory]
    [InlineData("generator.torch")]
    [InlineData("generator.noise")]
    public void A_generators_state_that_is_none_is_refused(string name)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Written();
        var sound = tensors[name];
        Tensor With(Action<byte[]> damage)
        {
            var bytes = sound.data<byte>().ToArray();
            damage(bytes);
            return torch.tensor(bytes);
        }
        foreach (var state in (Tensor[])[torch.empty(0, torch.uint8), sound.narrow(0, 0, 5055), torch.cat([sound, sound]),
            sound.to(torch.float32), sound.view(2, -1), torch.zeros(16, torch.uint8),
            With(bytes => Array.Clear(bytes)),
            With(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 625)),
            With(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 0)),
            With(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), -1)),
            With(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), 2)),
            With(bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), -1)),
            With(bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), 625))])
        {
            tensors[name] = state;
            Assert.Contains(name, Refusal(tensors, metadata));
        }
        tensors.Remove(name);
        Assert.Contains(name, Refusal(tensors, metadata));
    }

    [Fact]
    public void A_generators_own_states_are_sound_however_far_it_has_drawn()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        for (var k = 0; k < 700; k++)
        {
            Assert.Null(GeneratorState.Problem(generator.get_state(), generator.get_state()));
            torch.randint(0, 10, [1], generator: generator);
        }
        torch.randn(3, generator: generator);
        Assert.Null(GeneratorState.Problem(generator.get_state(), generator.get_state()));
    }

    [Fact]
    public void Tensors_that_are_missing_of_another_shape_or_not_finite_are_named()
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Written();
        const string Moment = "adam.first_moment.";
        var first = tensors.Keys.First(key => key.StartsWith(Moment, StringComparison.Ordinal))[Moment.Length..];
        foreach (var prefix in (string[])["model.", "best.", "ema.", "adam.first_moment.", "adam.second_moment."])
        {
            var (name, sound) = (prefix + first, tensors[prefix + first]);
            foreach (var wrong in (Tensor?[])[null, torch.zeros(1, 2, 3), sound.to(torch.int64),
                torch.full_like(sound, double.NaN)])
            {
                if (wrong is null) tensors.Remove(name);
                else tensors[name] = wrong;
                Assert.Contains(first, Refusal(tensors, metadata));
            }
            tensors[name] = sound;
        }
        tensors["model.base.zero"] = torch.full_like(tensors["model.base.zero"], double.NaN);   // no parameter
        Assert.Contains("model.base.zero", Refusal(tensors, metadata));
    }

    [Fact]
    public void A_run_of_other_settings_is_told_what_differs_in_few_words()
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Written();
        metadata["settings"] = metadata["settings"].Replace("seed 0", "seed 5", StringComparison.Ordinal);
        Assert.Contains("have (seed 5) where these have (seed 0)", Refusal(tensors, metadata));
        metadata["settings"] = "\u001b[2J" + new string('x', 5_000_000);
        var message = Refusal(tensors, metadata);
        Assert.InRange(message.Length, 100, 1000);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public void A_sound_checkpoint_goes_on()
    {
        using var scope = NewDisposeScope();
        Written();
        Assert.Equal(8, Fit(Model(), Options with { Steps = 8, Resume = true }).Steps);
    }
}
