using System.Reflection;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Every public function that measures a model or draws from it, found by reflection: a model in training mode, with batch norm,
/// is left as it was, in the mode that it was in.
/// </summary>
public sealed class LookingTests
{
    private static readonly Type[] Looks = [.. typeof(InverseError).Assembly.GetExportedTypes().Where(type =>
        type.Namespace == typeof(InverseError).Namespace || type.Namespace == typeof(Latents).Namespace), typeof(ModelSummary)];

    public static TheoryData<string> Functions => [.. All().Select(f => f.Name).Distinct()];

    private static IEnumerable<(string Name, MethodInfo Method)> All() =>
        from type in Looks
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.GetParameters().Any(p => typeof(nn.Module).IsAssignableFrom(p.ParameterType))
            && type != typeof(StochasticSampler)   // takes continuous flows only, which keep no averages
            && type != typeof(AutoregressiveSampling)   // takes those of transformers and masked networks, which keep none
        select ($"{type.Name}.{method.Name}", method);

    [Theory, MemberData(nameof(Functions))]
    public void A_look_changes_nothing(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var images = Architectures.RealNvpImages([1, 8, 8], width: 4, blocks: 1);
        var glow = Architectures.Glow([1, 8, 8], steps: 1, width: 4);
        foreach (var flow in new[] { images, glow })
        {
            using (torch.no_grad()) flow.LogProb(torch.rand(8, 1, 8, 8));   // starts what starts from data
            var before = flow.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
            foreach (var (_, method) in All().Where(f => f.Name == name))
                method.Invoke(null, [.. method.GetParameters().Select(p => Argument(name, p, flow))]);
            Assert.All(flow.state_dict(), p => Assert.True(p.Value.Equals(before[p.Key]), p.Key));
            Assert.All(flow.modules().Append(flow), module => Assert.True(module.training));
        }
    }

    [Fact]
    public void A_run_that_diverges_leaves_the_averages_of_its_last_step()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var norm = new BatchNorm([2]);
        var flow = new Flow(new Chain(norm, new Scaling(2), new Invert(new Tanh())));
        var x = torch.randn(64, 2) + 3;   // atanh has no value at most of what the norm makes of it
        Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(flow, x,
            options: new() { Steps = 1 }));
        // One step took one batch in; looking for the layer that diverged takes in none.
        var mean = norm.state_dict().Single(p => p.Key == "mean").Value.flatten();
        Assert.True(mean.allclose(x.mean([0]) * 0.1, 1e-4, 1e-6));
        Assert.False(flow.training);
    }

    private static object? Argument(string name, ParameterInfo p, Flow flow) => p.ParameterType switch
    {
        var t when t == typeof(Bijection) => flow.Bijection,
        var t when typeof(nn.Module).IsAssignableFrom(t) => flow,
        var t when t == typeof(Tensor) && p.HasDefaultValue => null,
        var t when t == typeof(Tensor) && p.Name is "a" or "b" => torch.rand(1, 8, 8),
        var t when t == typeof(Tensor) && p.Name is "known" => torch.ones(1, 8, 8),
        var t when t == typeof(Tensor) => name.StartsWith("BitsPer", StringComparison.Ordinal) || name == "OutOfDistribution.LogProb"
            ? torch.ones(8, 1, 8, 8) : torch.rand(8, 1, 8, 8),
        _ when p.Name is "steps" or "samples" => 4,
        _ when p.Name is "n" or "count" => 4L,
        _ when p.Name is "chains" or "particles" or "leaps" => 3,
        _ when p.Name is "warmup" or "moves" => 1,
        _ when p.ParameterType == typeof(Func<Tensor, Tensor>) => (Func<Tensor, Tensor>)(x => x.flatten(1).sum(1L)),
        _ when p.Name is "temperature" or "noise" => 0.7,
        _ when p.HasDefaultValue => p.DefaultValue,
        _ => throw new InvalidOperationException($"{name}: what is a good {p.Name}?"),
    };
}
