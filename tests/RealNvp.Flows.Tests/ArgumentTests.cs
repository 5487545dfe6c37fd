using System.Reflection;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Every public constructor and factory, found by reflection, with every number that it takes made senseless in turn: an
/// ArgumentException names the argument.
/// </summary>
public sealed class ArgumentTests
{
    private static readonly Type[] Factories =
        [typeof(Architectures), typeof(Partition), typeof(Sylvester), typeof(Permute), typeof(Squeeze), typeof(MultiScale),
        typeof(CheckerboardCoupling), typeof(Schedule)];

    /// <summary>Zero makes sense for these: no residual blocks, no spread, a schedule that starts at once.</summary>
    private static readonly HashSet<string> ZeroIsFine =
        ["ResidualMlp.blocks", "ResidualConvNet.blocks", "Architectures.Tabular.blocks", "Architectures.RealNvpImages.blocks",
        "Architectures.DequantizationNoise.blocks", "Architectures.NiceImages.depth", "Elementwise.spread", "Logit.alpha",
        "BatchNorm.momentum", "LearnedMixture.spread", "Uniform.low", "Schedule.Cosine.floor", "Schedule.Warmup.steps", "VonMises.concentration",
        "VonMises.mean", "Interval.low", "Architectures.CirclesAndLines.lines", "Architectures.AutoregressiveSpline.blocks"];

    /// <summary>Any number makes sense for these.</summary>
    private static readonly HashSet<string> NegativeIsFine = ["Uniform.low", "Permute.Shuffle.seed", "VonMises.mean", "Interval.low", "Power.exponent"];

    /// <summary>So does infinity for these.</summary>
    private static readonly HashSet<string> InfinityIsFine = ["Interval.high"];

    /// <summary>Values that a call needs where neither a default nor its type will do.</summary>
    private static object? Known(string place, ParameterInfo parameter) => place switch
    {
        "CheckerboardCoupling.conditioner" => new ConvConditioner(4, 8),
        "MaskedAutoregressive.conditioner" => new Made(4, 2, [4]),
        "AttentionAutoregressive.conditioner" => new CausalTransformer(4, 1, 2, 8),
        "ConditionalGaussian.network" => new Mlp(3, 8, [4]),
        "DenseLinear.matrix" => torch.eye(4),
        "PeriodicConditioner.angles" => new[] { 1 },
        "PeriodicConditioner.inner" => (Func<int, Conditioner>)(features => new Mlp(features, 4, [4])),
        "Box.low" => torch.zeros(4),
        "ConditionalWhiten.weight" => torch.ones(3, 4),
        "ConditionalWhiten.factor" => torch.eye(4),
        "Gaussian.covariance" or "GaussianMixture.covariances" => parameter.Name == "covariance" ? torch.eye(4)
            : torch.eye(4).unsqueeze(0),
        _ => null,
    };

    public static TheoryData<string> Calls => [.. All().Select(call => call.Name).Distinct()];

    [Theory, MemberData(nameof(Calls))]
    public void A_senseless_number_is_named(string name)
    {
        using var scope = NewDisposeScope();
        var faults = new List<string>();
        foreach (var (_, method) in All().Where(call => call.Name == name))
        {
            var good = method.GetParameters().Select(p => Good($"{name}.{p.Name}", p)).ToArray();
            Call(method, good);   // else what follows would prove nothing
            foreach (var (parameter, k) in method.GetParameters().Select((p, k) => (p, k)))
                foreach (var bad in Bad($"{name}.{parameter.Name}", parameter))
                {
                    object?[] arguments = [.. good];
                    arguments[k] = bad;
                    var error = Record.Exception(() => Call(method, arguments));
                    if (error is not ArgumentException { ParamName: { } named } || named != parameter.Name)
                        faults.Add($"{name}, {parameter.Name} = {Text(bad)}: "
                            + (error is null ? "taken" : $"{error.GetType().Name} of "
                            + $"{(error as ArgumentException)?.ParamName}: {error.Message}"));
                }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static IEnumerable<(string Name, MethodBase Method)> All()
    {
        foreach (var type in typeof(Flow).Assembly.GetExportedTypes().Where(t => typeof(nn.Module).IsAssignableFrom(t)
            && !t.IsAbstract))
            foreach (var constructor in type.GetConstructors())
                if (constructor.GetParameters().All(p => p.ParameterType != typeof(Bijection)
                    && p.ParameterType != typeof(Distribution) && p.ParameterType != typeof(IReadOnlyList<Distribution>)
                    && p.ParameterType != typeof(GaussianMixture) && p.ParameterType != typeof(IReadOnlyList<Bijection>)))
                    yield return (type.Name, constructor);
        foreach (var type in Factories)
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                if (!method.IsSpecialName && method.GetParameters().All(p => p.ParameterType != typeof(Tensor)))
                    yield return ($"{type.Name}.{method.Name}", method);
    }

    private static void Call(MethodBase method, object?[] arguments)
    {
        try
        {
            (method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(null, arguments)).Dispose();
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
        }
    }

    private static object? Good(string place, ParameterInfo p) => Known(place, p) ?? (p.HasDefaultValue ? p.DefaultValue
        : p.ParameterType switch
        {
            var t when t == typeof(int) => 4,
            var t when t == typeof(long) => p.Name is "kernel" ? 3L : 4L,
            var t when t == typeof(long?) => 4L,
            var t when t == typeof(double) => p.Name is "low" ? 0.0 : 2.0,
            var t when t == typeof(bool) => false,
            var t when t == typeof(long[]) => place.StartsWith("Architectures", StringComparison.Ordinal) || p.Name == "rest"
                ? [1L, 8, 8]
                : new long[] { 4 },
            var t when t == typeof(IReadOnlyList<int>) => p.Name is "order" ? new[] { 1, 0, 3, 2 } : p.Name is "kept" ? [1] : [8],
            var t when t == typeof(Transformer) => new AffineTransformer(),
            var t when t == typeof(Partition) => Partition.Halves(4),
            var t when t == typeof(Conditioner) => new Mlp(2, 4, [4]),
            var t when t == typeof(Func<int, int, Conditioner>) => (Func<int, int, Conditioner>)((i, o) => new Mlp(i, o, [4])),
            var t when t == typeof(LinearBijection) => new LuLinear(4),
            var t when t == typeof(VectorField) => new MlpField(4, 8),
            var t when t == typeof(Schedule) => Schedule.Constant,
            var t when t == typeof(Tensor) => Tensors(p),
            _ => throw new InvalidOperationException($"{place}: what is a good {p.ParameterType}?"),
        });

    private static Tensor Tensors(ParameterInfo p) => p.Name switch
    {
        "x" => torch.randn(40, 4),
        "weights" => torch.ones(1),
        "means" => torch.zeros(1, 4),
        _ => torch.ones(4),
    };

    private static IEnumerable<object?> Bad(string place, ParameterInfo p)
    {
        var type = Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType;
        if (type == typeof(double))
        {
            yield return double.NaN;
            if (!InfinityIsFine.Contains(place)) yield return double.PositiveInfinity;
            if (!ZeroIsFine.Contains(place)) yield return 0.0;
            if (!NegativeIsFine.Contains(place)) yield return -1.0;
        }
        if ((type == typeof(int) || type == typeof(long)) && !NegativeIsFine.Contains(place))
        {
            if (!ZeroIsFine.Contains(place)) yield return Convert.ChangeType(0, type, null);
            yield return Convert.ChangeType(-1, type, null);
        }
        if (p.Name == "hidden")
        {
            yield return new[] { 0 };
            yield return new[] { 64, -1 };
        }
        if (type == typeof(long[]) && p.Name is "eventShape" or "imageShape" or "contextShape")
        {
            yield return new long[] { 0 };
            yield return new long[] { 3, -1, 8 };
            if (p.Name != "contextShape") yield return Array.Empty<long>();
        }
        if (p.Name is "order" && !p.HasDefaultValue) yield return new[] { 0, 0, 1, 2 };
        if (p.Name is "kept") yield return new[] { 4 };
    }

    private static string Text(object? value) =>
        value is System.Collections.IEnumerable list and not string ? $"[{string.Join(", ", list.Cast<object>())}]" : $"{value}";
}

internal static class Freed
{
    internal static void Dispose(this object? made) => (made as IDisposable)?.Dispose();
}
