using RealNvp.Flows.Bijections;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>What holds for every bijection, over every row of the table.</summary>
public sealed class BijectionPropertyTests
{
    private const long N = 6;

    public static TheoryData<string> Names => BijectionTable.Names;

    [Theory, MemberData(nameof(Names))]
    public void Inverse_after_forward_is_the_identity(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var x = row.Events(N);
        var context = row.ContextFor(N);
        var (z, logDet) = f.Forward(x, context);
        var (back, inverseLogDet) = f.Inverse(z, context);
        Close(x, back, row.Tolerance);
        Close(logDet, inverseLogDet.neg(), row.Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void Forward_after_inverse_is_the_identity(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var z = row.Latents(f, N);
        var context = row.ContextFor(N);
        var (x, logDet) = f.Inverse(z, context);
        var (back, forwardLogDet) = f.Forward(x, context);
        Close(z, back, row.Tolerance);
        Close(logDet, forwardLogDet.neg(), row.Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void Log_determinant_is_that_of_the_autograd_jacobian_in_both_directions(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var context = row.ContextFor(N);
        var x = row.Events(N);
        var forward = Jacobians.LogAbsDet(
            Jacobians.Autograd(u => f.Forward(row.FromCoordinates(u), context).Z, row.Coordinates(x)));
        Close(forward, f.Forward(x, context).LogDet, 10 * row.Tolerance);
        var z = row.Latents(f, N);
        var inverse = Jacobians.LogAbsDet(Jacobians.Autograd(a => row.Coordinates(f.Inverse(a, context).X), z));
        Close(inverse, f.Inverse(z, context).LogDet, 10 * row.Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_autograd_jacobian_is_that_of_finite_differences(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        if (!row.Smooth) return;
        var context = row.ContextFor(2);
        var x = row.Coordinates(row.Events(2));
        Tensor Map(Tensor u) => f.Forward(row.FromCoordinates(u), context).Z;
        // Central differences with h = 1e-5 in float64: truncation h^2 and rounding 1e-16 / h are both below 1e-9; curvature is
        // of order 100.
        Close(Jacobians.Autograd(Map, x), Jacobians.FiniteDifferences(Map, x), 1e-6);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_generating_direction_without_its_log_determinant_gives_the_same_events(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var z = row.Latents(f, N);
        var context = row.ContextFor(N);
        Assert.True(f.InverseOnly(z, context).Equals(f.Inverse(z, context).X));
    }

    [Theory, MemberData(nameof(Names))]
    public void What_is_made_in_a_dispose_scope_outlives_it(string name)
    {
        BijectionRow row;
        Bijection f;
        using (NewDisposeScope()) (row, f) = Make(name);
        using var scope = NewDisposeScope();
        Assert.DoesNotContain(f.state_dict(), entry => entry.Value.IsInvalid);
        var context = row.ContextFor(2);
        Assert.Equal(2, f.Forward(row.Events(2), context).LogDet.numel());
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_parameter_gets_a_finite_gradient(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        if (!f.parameters().Any()) return;   // nothing to train
        var (z, logDet) = f.Forward(row.Events(32), row.ContextFor(32));
        ((z * z).sum() * 0.5 - logDet.sum()).backward();
        foreach (var (parameterName, p) in f.named_parameters())
        {
            Assert.True(p.grad is not null, $"{parameterName} has no gradient");
            Assert.True(p.grad!.isfinite().all().ToBoolean(), $"{parameterName} has a gradient that is not finite");
            Assert.True(p.grad!.abs().max().ToDouble() > 0, $"{parameterName} has a gradient of zero");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Single_precision_agrees_with_double(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var x = row.Events(N);
        var context = row.ContextFor(N);
        var (z, logDet) = f.Forward(x, context);
        f.to(torch.float32);
        var (z32, logDet32) = f.Forward(x.to(torch.float32), context?.to(torch.float32));
        Assert.Equal(torch.float32, z32.dtype);
        Assert.Equal(torch.float32, logDet32.dtype);
        Close(z, z32.to(torch.float64), 1e-4);   // float32 keeps 7 digits, a stack of layers loses some
        Close(logDet, logDet32.to(torch.float64), 1e-4);
    }

    [Theory, MemberData(nameof(Names))]
    public void Saved_and_loaded_it_gives_bit_equal_outputs(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (row, f) = Make(name);
        var x = row.Events(N);
        var context = row.ContextFor(N);
        var path = folder["weights.safetensors"];
        Weights.Save(f, path);
        torch.manual_seed(99);
        var other = row.Make().to(torch.float64);
        other.eval();
        Weights.Load(other, path);
        var (a, b) = (f.Forward(x, context), other.Forward(x, context));
        Assert.True(a.Z.Equals(b.Z));
        Assert.True(a.LogDet.Equals(b.LogDet));
    }

    [Theory, MemberData(nameof(Names))]
    public void Training_mode_maps_as_evaluation_mode_does(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        if (row.EvaluationOnly) return;   // its own tests state how its modes differ
        var x = row.Events(N);
        var context = row.ContextFor(N);
        var evaluated = f.Forward(x, context).Z;
        f.train();
        Assert.True(evaluated.Equals(f.Forward(x, context).Z));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_wrong_shape_is_refused_with_both_shapes_named(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        if (f.EventShape is not { } shape) return;   // works on any shape
        var context = row.ContextFor(N);
        var wrong = torch.zeros([N, .. shape.Select(s => s + 1)], torch.float64);
        var error = Assert.Throws<ArgumentException>(() => f.Forward(wrong, context));
        Assert.Contains($"[N, {string.Join(", ", shape)}]", error.Message);
        Assert.Contains($"[{string.Join(", ", wrong.shape)}]", error.Message);
        var wrongLatent = torch.zeros([N, .. f.LatentShape!.Select(s => s + 1)], torch.float64);
        error = Assert.Throws<ArgumentException>(() => f.Inverse(wrongLatent, context));
        Assert.Contains($"[N, {string.Join(", ", f.LatentShape!)}]", error.Message);
        Assert.Throws<ArgumentException>(() => f.Forward(torch.zeros(shape, torch.float64), context));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_context_where_none_is_expected_or_none_where_one_is_gets_a_sentence(string name)
    {
        using var scope = NewDisposeScope();
        var (row, f) = Make(name);
        var x = row.Events(N);
        var error = row.Context > 0
            ? Assert.Throws<ArgumentException>(() => f.Forward(x))
            : Assert.Throws<ArgumentException>(() => f.Forward(x, torch.zeros(N, 2, torch.float64)));
        Assert.Contains("context", error.Message);
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_stays_behind_in_a_dispose_scope(string name)
    {
        var (row, f) = Make(name);
        using var scope = NewDisposeScope();
        var x = row.Events(N);
        var context = row.ContextFor(N);
        var before = scope.DisposablesCount;
        _ = f.Forward(x, context);
        _ = f.Inverse(row.Latents(f, N), context);
        Assert.Equal(before + 5, scope.DisposablesCount);   // two results of each direction, and the latents
    }

    private static (BijectionRow Row, Bijection Bijection) Make(string name)
    {
        var row = BijectionTable.Row(name);
        return (row, row.Build());
    }

    /// <summary>|a - b| is at most tolerance (1 + |a|), element by element.</summary>
    private static void Close(Tensor expected, Tensor given, double tolerance)
    {
        Assert.Equal(expected.shape, given.shape);
        var error = ((expected - given).abs() / (expected.abs() + 1)).max().ToDouble();
        Assert.True(error <= tolerance, $"relative error {error:e2} is above {tolerance:e1}");
    }
}
