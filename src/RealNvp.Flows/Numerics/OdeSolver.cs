using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>How a differential equation is solved.</summary>
public enum OdeMethod
{
    /// <summary>Embedded Runge-Kutta of order 5 with error control of order 4 (Dormand, Prince 1980).</summary>
    DormandPrince,

    /// <summary>The classical Runge-Kutta of order 4 with a fixed number of steps.</summary>
    RungeKutta4,
}

/// <summary>Method, tolerances and limits.</summary>
public sealed record OdeOptions
{
    /// <summary>The method.</summary>
    public OdeMethod Method { get; init; } = OdeMethod.DormandPrince;

    /// <summary>Steps of the fixed-step method.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Error allowed in a step, relative to the state.</summary>
    public double RelativeTolerance { get; init; } = 1e-5;

    /// <summary>Error allowed in a step where the state is near 0.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-5;

    /// <summary>Evaluations of the right-hand side after which the solver gives up.</summary>
    public int MaxEvaluations { get; init; } = 10_000;

    /// <exception cref="ArgumentException">A number is senseless.</exception>
    internal void Validate(string argument)
    {
        void Hold(bool right, string rule)
        {
            if (!right) throw new ArgumentException($"{rule}.", argument);
        }
        Hold(Steps >= 1, $"{nameof(Steps)} is at least 1, but was {Steps}");
        Hold(RelativeTolerance >= 0 && double.IsFinite(RelativeTolerance),
            $"{nameof(RelativeTolerance)} is a finite number that is not negative, but was {RelativeTolerance}");
        Hold(AbsoluteTolerance > 0 && double.IsFinite(AbsoluteTolerance),
            $"{nameof(AbsoluteTolerance)} is a positive, finite number, but was {AbsoluteTolerance}");
        Hold(MaxEvaluations >= 1, $"{nameof(MaxEvaluations)} is at least 1, but was {MaxEvaluations}");
    }
}

/// <summary>Solves dy/dt = f(t, y) for a state of several tensors. Gradients run through the steps that were taken.</summary>
public static class OdeSolver
{
    private static readonly double[] Nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] Stages =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>Weights of order 5 less those of order 4.</summary>
    private static readonly double[] ErrorWeights =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>
    /// The state at <paramref name="to"/>, which may lie before <paramref name="from"/>, and the number of evaluations of f.
    /// </summary>
    /// <param name="f">The right-hand side: for a time and a state, the derivative of each tensor of the state.</param>
    /// <param name="start">The state at <paramref name="from"/>.</param>
    /// <param name="from">Where time starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="options">Method, tolerances and limits.</param>
    /// <param name="controlled">
    /// The adaptive method holds the error of so many of the state's tensors, the first ones; null of all. Quantities that
    /// nothing else depends on, such as an integral on the side, need no control of their own (Kidger, Chen, Lyons 2021,
    /// arXiv:2009.09457).
    /// </param>
    /// <exception cref="ArithmeticException">The step became too small, or the evaluations ran out: the equation is stiff, or f
    /// is not finite.</exception>
    public static (Tensor[] State, int Evaluations) Solve(Func<double, Tensor[], Tensor[]> f, Tensor[] start, double from,
        double to, OdeOptions? options = null,
        int? controlled = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(start);
        options ??= new();
        options.Validate(nameof(options));
        return options.Method == OdeMethod.RungeKutta4
            ? Fixed(f, start, from, to, options.Steps) : Adaptive(f, start, from, to, options, controlled ?? start.Length);
    }

    private static (Tensor[] State, int Evaluations) Fixed(Func<double, Tensor[], Tensor[]> f, Tensor[] y, double from,
        double to, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        var h = (to - from) / steps;
        for (var k = 0; k < steps; k++)
        {
            using var scope = NewDisposeScope();   // a step's intermediates go before the next one needs memory
            var t = from + k * h;
            var k1 = f(t, y);
            var k2 = f(t + h / 2, Combine(y, h, [0.5], [k1]));
            var k3 = f(t + h / 2, Combine(y, h, [0, 0.5], [k1, k2]));
            var k4 = f(t + h, Combine(y, h, [0, 0, 1], [k1, k2, k3]));
            var next = Combine(y, h, [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6], [k1, k2, k3, k4]);
            y = Replaced(scope, k == 0 ? [] : y, next);
        }
        return (y, 4 * steps);
    }

    private static (Tensor[] State, int Evaluations) Adaptive(Func<double, Tensor[], Tensor[]> f, Tensor[] y, double from,
        double to, OdeOptions options,
        int controlled)
    {
        var span = to - from;
        if (span == 0) return ([.. y.Select(s => s.alias())], 0);
        var t = from;
        var h = span / 20;
        Tensor[] first = [.. f(t, y).Select(d => d.alias())];
        var evaluations = 1;
        var started = false;
        while (Math.Abs(to - t) > 1e-14 * Math.Abs(span))
        {
            if (Math.Abs(h) > Math.Abs(to - t)) h = to - t;
            if (evaluations + 6 > options.MaxEvaluations)
                throw new ArithmeticException($"{options.MaxEvaluations} evaluations reached t = {t:g6} of {to:g6} only; the "
                    + "equation is stiff, or its tolerance too small.");
            using var scope = NewDisposeScope();   // a step's intermediates go before the next one needs memory
            var k = new Tensor[7][];
            k[0] = first;
            for (var s = 1; s < 7; s++) k[s] = f(t + Nodes[s] * h, Combine(y, h, Stages[s], k));
            evaluations += 6;
            var next = Combine(y, h, Stages[6], k);   // the last stage's point is the solution of order 5
            var error = Error(k, h, y, next, options, controlled);
            if (error <= 1)
            {
                t += h;
                y = Replaced(scope, started ? y : [], next);
                first = Replaced(scope, first, [.. k[6].Select(d => d.alias())]);
                started = true;
            }
            var factor = double.IsFinite(error) ? Math.Clamp(0.9 * Math.Pow(Math.Max(error, 1e-10), -0.2), 0.2, 5) : 0.2;
            h *= factor;
            if (Math.Abs(h) < 1e-12 * Math.Abs(span))
                throw new ArithmeticException($"The step fell to nothing at t = {t:g6}: the right-hand side is not finite or "
                    + "too steep there.");
        }
        return (y, evaluations);
    }

    /// <summary>Takes new tensors out of a step's scope, and frees those whose place they take.</summary>
    private static Tensor[] Replaced(DisposeScope scope, Tensor[] old, Tensor[] next)
    {
        foreach (var tensor in old) tensor.Dispose();
        foreach (var tensor in next) scope.MoveToOuter(tensor);
        return next;
    }

    /// <summary>y + h sum_j w_j k_j.</summary>
    private static Tensor[] Combine(Tensor[] y, double h, double[] weights, Tensor[][] k)
    {
        var sum = new Tensor[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var at = y[i];
            for (var j = 0; j < weights.Length; j++)
                if (weights[j] != 0) at = at.add(k[j][i], h * weights[j]);
            sum[i] = at;
        }
        return sum;
    }

    /// <summary>Root mean square of the error over what is allowed.</summary>
    private static double Error(Tensor[][] k, double h, Tensor[] before, Tensor[] after, OdeOptions options, int controlled)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < controlled; i++)
        {
            var error = k[0][i] * (h * ErrorWeights[0]);
            for (var j = 1; j < 7; j++)
                if (ErrorWeights[j] != 0) error = error.add(k[j][i], h * ErrorWeights[j]);
            var allowed = torch.maximum(before[i].abs(), after[i].abs()) * options.RelativeTolerance + options.AbsoluteTolerance;
            sum += (error / allowed).square().sum(ScalarType.Float64).ToDouble();
            count += error.numel();
        }
        return Math.Sqrt(sum / Math.Max(1, count));
    }
}
