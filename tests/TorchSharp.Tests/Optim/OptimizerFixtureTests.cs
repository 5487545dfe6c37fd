using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

/// <summary>
/// Six steps of every optimizer against PyTorch's (fixtures/optimizers.py), in the native loop and with operators.
/// </summary>
public class OptimizerFixtureTests
{
    private static readonly JsonElement Expected = Fixture.Load("optimizers.json").GetProperty("optimizers");
    private static readonly long[][] Shapes = [[3, 2], [5], [], [3, 11]];

    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>> Optimizers = new()
    {
        ["SGD"] = p => optim.SGD(p, 0.1),
        ["SGD momentum"] = p => optim.SGD(p, 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.01),
        ["SGD nesterov"] = p => optim.SGD(p, 0.1, momentum: 0.9, nesterov: true),
        ["SGD maximize"] = p => optim.SGD(p, 0.1, momentum: 0.5, maximize: true),
        ["Adam"] = p => optim.Adam(p, 0.01),
        ["Adam decay"] = p => optim.Adam(p, 0.01, 0.8, 0.95, 1e-6, 0.1),
        ["Adam amsgrad"] = p => optim.Adam(p, 0.01, amsgrad: true),
        ["Adam maximize"] = p => optim.Adam(p, 0.01, maximize: true),
        ["AdamW"] = p => optim.AdamW(p, 0.01, weight_decay: 0.2),
        ["AdamW amsgrad"] = p => optim.AdamW(p, 0.01, weight_decay: 0.2, amsgrad: true),
        ["Adamax"] = p => optim.Adamax(p, 0.02, weight_decay: 0.05),
        ["RMSProp"] = p => optim.RMSProp(p, 0.01, alpha: 0.9, weight_decay: 0.05),
        ["RMSProp momentum"] = p => optim.RMSProp(p, 0.01, momentum: 0.8),
        ["RMSProp centered"] = p => optim.RMSProp(p, 0.01, centered: true, momentum: 0.3),
        ["Adagrad"] = p => optim.Adagrad(p, 0.1, 0.1, 0.02, 0.3),
        ["NAdam"] = p => optim.NAdam(p, 0.01, weight_decay: 0.05),
        ["RAdam"] = p => optim.RAdam(p, 0.01, weight_decay: 0.05),
    };

    public static TheoryData<string> Names => [.. Expected.EnumerateObject().Select(o => o.Name)];

    private static Tensor Start(int k, ScalarType dtype) => (arange(Count(k), float64) * 0.3 + k).cos().view(Shapes[k]).to(dtype);

    private static Tensor Gradient(int k, int step, ScalarType dtype) =>
        (arange(Count(k), float64) * 0.7 + 1.3 * step + k).sin().view(Shapes[k]).to(dtype);

    private static long Count(int k) => Shapes[k].Aggregate(1L, (a, b) => a * b);

    private static void Run(string name, ScalarType dtype, double tolerance, Func<Tensor, Tensor> layout)
    {
        Parameter[] parameters = [.. Enumerable.Range(0, Shapes.Length).Select(k => new Parameter(layout(Start(k, dtype))))];
        using var optimizer = Optimizers[name](parameters);
        JsonElement[] steps = [.. Expected.GetProperty(name).EnumerateArray()];
        for (var step = 0; step < steps.Length; step++)
        {
            for (var k = 0; k < parameters.Length; k++) parameters[k].grad = k == 1 && step % 2 == 1 ? null
                : Gradient(k, step, dtype);
            Assert.Null(optimizer.step());
            for (var k = 0; k < parameters.Length; k++)
                Close.Equal(tensor(Fixture.Doubles(steps[step][k])), parameters[k].reshape(-1),
                    $"parameter {k} after step {step + 1}", tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsInFloat64AgreeWithPyTorch(string name) => Run(name, float64, Close.Float64, t => t);

    // Six steps of float32, each a few roundings of 6e-8; quotients of small numbers enlarge them.
    [Theory]
    [MemberData(nameof(Names))]
    public void StepsInFloat32AgreeWithPyTorch(string name) => Run(name, float32, 5e-6, t => t);

    // A view with gaps is no dense tensor: the native loop passes it on.
    [Theory]
    [MemberData(nameof(Names))]
    public void StepsWithOperatorsAgreeWithPyTorch(string name) => Run(name, float64, Close.Float64, t =>
    {
        var spaced = zeros([.. t.shape, 2], dtype: t.dtype);
        var view = spaced.select(-1, 0);
        view.copy_(t);
        return view;
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void TheStateSurvivesAFile(string name)
    {
        Parameter[] Fresh() => [.. Enumerable.Range(0, Shapes.Length).Select(k => new Parameter(Start(k, float64)))];
        void Steps(OptimizerHelper o, Parameter[] p, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                for (var k = 0; k < p.Length; k++) p[k].grad = Gradient(k, step, float64);
                o.step();
            }
        }
        var through = Fresh();
        using var first = Optimizers[name](through);
        Steps(first, through, 0, 3);
        var path = Path.GetTempFileName();
        try
        {
            first.save_state_dict(path);
            var resumed = Fresh();
            using (no_grad())
                for (var k = 0; k < resumed.Length; k++) resumed[k].copy_(through[k]);
            using var second = Optimizers[name](resumed);
            second.load_state_dict(path);
            Assert.All(first.state_dict().State.Zip(second.state_dict().State), pair =>
                Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

            using var third = Optimizers[name](Fresh());
            third.load_state_dict(first.state_dict());
            Assert.All(first.state_dict().State.Zip(third.state_dict().State), pair =>
                Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

            Steps(first, through, 3, 6);
            Steps(second, resumed, 3, 6);
            for (var k = 0; k < resumed.Length; k++) Assert.True(through[k].Equals((Tensor)resumed[k]),
                $"parameter {k} differs after resuming");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
