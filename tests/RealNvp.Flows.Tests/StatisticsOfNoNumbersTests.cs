using System.Reflection;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>
/// Every public function of the evaluation that takes tensors, found by reflection: a value that is no number is refused, with
/// its row, by every argument that holds events or scores.
/// </summary>
public sealed class StatisticsOfNoNumbersTests
{
    private const int Row = 3;

    private static readonly HashSet<string> Contexts = ["context"];

    public static TheoryData<string> Functions => [.. All().Select(f => f.Name).Distinct()];

    private static IEnumerable<(string Name, MethodBase Method)> All() =>
        from type in typeof(InverseError).Assembly.GetExportedTypes()
        where type.Namespace == typeof(InverseError).Namespace
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Cast<MethodBase>()
            .Concat(type.GetConstructors())
        where method.GetParameters().Any(p => p.ParameterType == typeof(Tensor))
        select ($"{type.Name}.{method.Name}", method);

    [Theory, MemberData(nameof(Functions))]
    public void A_value_that_is_no_number_is_refused_with_its_row(string name)
    {
        using var scope = NewDisposeScope();
        var tried = 0;
        foreach (var (_, method) in All().Where(f => f.Name == name))
        {
            var parameters = method.GetParameters();
            var good = parameters.Select(p => Good(name, p)).ToArray();
            Call(method, good);   // else a refusal would prove nothing
            foreach (var (p, k) in parameters.Select((p, k) => (p, k)).Where(x => x.p.ParameterType == typeof(Tensor)
                && !Contexts.Contains(x.p.Name!)))
            {
                object?[] arguments = [.. good];
                var bad = ((Tensor)good[k]!).clone();
                if (bad.dim() == 1) bad[Row] = double.NaN;
                else bad[Row, 1] = double.NaN;
                arguments[k] = bad;
                var error = Assert.ThrowsAny<ArgumentException>(() => Call(method, arguments));
                Assert.Equal(p.Name, error.ParamName);
                Assert.Contains($"NaN at row {Row}", error.Message);
                if (bad.dim() == 2) Assert.Contains("column 1", error.Message);
                tried++;
            }
        }
        Assert.True(tried > 0);
    }

    private static object? Good(string name, ParameterInfo p) => p.ParameterType switch
    {
        var t when t == typeof(Tensor) && p.Name == "context" => null,
        var t when t == typeof(Tensor) && p.Name == "references" => torch.rand(30, 2),
        var t when t == typeof(Tensor) && p.HasDefaultValue => null,
        var t when t == typeof(Tensor) && (name.StartsWith("BitsPerDimension", StringComparison.Ordinal)
            || name == "OutOfDistribution.LogProb") => torch.ones(30, 2),
        var t when t == typeof(Tensor) && p.Name == "draws" => torch.randn(30, 30, 2),
        var t when t == typeof(Tensor) && p.Name == "ranks" => torch.randint(0, 6, 30).to(torch.float64),
        var t when t == typeof(Tensor) => p.Name is "u" or "sample" or "own" or "other" or "logProb" or "backgroundLogProb"
            or "trainingLogProb" ? torch.rand(30) : torch.randn(30, 2),
        var t when t == typeof(Flow) || t == typeof(Distribution) => Architectures.RealNvp(2, 2, [4]),
        var t when t == typeof(Bijections.Bijection) => Architectures.RealNvp(2, 2, [4]).Bijection,
        var t when t == typeof(Func<Tensor, Tensor>) => (Func<Tensor, Tensor>)(x => x.sigmoid()),
        _ when p.Name is "permutations" or "steps" => 3,
        _ when p.Name is "draws" && !p.HasDefaultValue => 5L,
        _ when p.HasDefaultValue => p.DefaultValue,
        _ => throw new InvalidOperationException($"{name}: what is a good {p.Name}?"),
    };

    private static void Call(MethodBase method, object?[] arguments)
    {
        try
        {
            _ = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(null, arguments);
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
        }
    }

    [Fact]
    public void A_distribution_function_that_gives_none_is_refused_too()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => TwoSample.KolmogorovSmirnov(torch.randn(30), x => x.log()));
        Assert.Equal("cdf", error.ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmpiricalCdf(torch.randn(30)).Cdf(double.NaN));
        Assert.Equal(1, OutOfDistribution.Auroc(torch.tensor(new[] { 0.0, 1 }), torch.tensor(new[] { 2,
            double.PositiveInfinity })));
    }
}
