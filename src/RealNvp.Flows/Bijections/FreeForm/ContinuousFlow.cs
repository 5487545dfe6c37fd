using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>How a continuous flow takes the trace of its Jacobian.</summary>
public enum TraceMethod
{
    /// <summary>The exact trace, by d reverse passes (Chen et al. 2018, arXiv:1806.07366).</summary>
    Exact,

    /// <summary>
    /// e^T J e with e of random signs, one for each event and call: unbiased, one reverse pass (FFJORD; Grathwohl et al. 2019,
    /// arXiv:1810.01367).
    /// </summary>
    Rademacher,

    /// <summary>e^T J e with e standard normal: unbiased, of larger variance.</summary>
    Normal,
}

/// <summary>How gradients pass through a differential equation's solution.</summary>
public enum OdeGradient
{
    /// <summary>Through the solver's steps: exact for what was computed, memory grows with their number.</summary>
    Direct,

    /// <summary>
    /// By a second equation, solved backwards in time: da/dt = -a^T df/dz for the adjoint a = dL/dz(t), and dL/dtheta as an
    /// integral on the side. Memory does not grow with the number of steps; gradients are right to the solver's tolerance (Chen
    /// et al. 2018, section 2 and appendix B).
    /// </summary>
    Adjoint,
}

/// <summary>
/// z = z(1) with dz/dt = v(t, z), z(0) = x: logDet is the integral of the trace of dv/dz, and the inverse runs time backwards
/// (Chen et al. 2018, theorem 1; Grathwohl et al. 2019).
/// </summary>
/// <example>
/// <code>
/// var flow = new Flow(new ContinuousFlow(new MlpField(2, 32, 32)));
/// Console.WriteLine(flow.LogProb(randn(6, 2)).shape[0]);
/// // prints 6
/// </code>
/// </example>
public sealed class ContinuousFlow : Bijection
{
    private readonly VectorField velocity;
    [ComputationSetting]
    private readonly OdeOptions options;
    [ComputationSetting]
    private readonly TraceMethod trace;
    [ComputationSetting]
    private readonly OdeGradient gradient;

    /// <summary>Of a vector field, from time 0 to 1.</summary>
    /// <param name="field">v.</param>
    /// <param name="trace">How the trace is taken.</param>
    /// <param name="options">Solver and tolerances; both directions agree to about the tolerance.</param>
    /// <param name="gradient">How gradients are taken.</param>
    public ContinuousFlow(VectorField field, TraceMethod trace = TraceMethod.Exact, OdeOptions? options = null,
        OdeGradient gradient = OdeGradient.Direct)
        : base(nameof(ContinuousFlow), [(field ?? throw new ArgumentNullException(nameof(field))).Dimension],
            contextSize: field.ContextSize)
    {
        velocity = field;
        this.trace = trace;
        options?.Validate(nameof(options));
        this.options = options ?? new();
        this.gradient = gradient;
        RegisterComponents();
    }

    /// <summary>Evaluations of the field in the last call of either direction.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Evaluations of the field in the last backward pass by the adjoint.</summary>
    public int AdjointEvaluations { get; internal set; }

    internal OdeOptions Options => options;

    /// <summary>v, the field of velocities.</summary>
    public VectorField Field => velocity;

    /// <summary>
    /// Forward with what regularises a continuous flow: Kinetic [N], the integral of |v|^2 along each event's way, and
    /// JacobianNorm [N], that of |dv/dz|_F^2 (by |e^T J|^2 where the trace is taken with random e). Small ones make straight,
    /// even ways that need few evaluations (Finlay, Jacobsen, Nurbekyan, Oberman 2020, arXiv:2002.02798).
    /// </summary>
    /// <exception cref="ArgumentException">x or context has another shape than this map works on.</exception>
    public (Tensor Z, Tensor LogDet, Tensor Kinetic, Tensor JacobianNorm) Transport(Tensor x, Tensor? context = null)
    {
        Shapes.Require(Title, x, EventShape, nameof(x));
        Shapes.RequireContext(Title, context, ContextSize, x.size(0));
        using var scope = NewDisposeScope();
        var end = Integrate(x, 0, 1, context, costs: true);
        foreach (var part in end) scope.MoveToOuter(part);
        return (end[0], end[1], end[2], end[3]);
    }

    /// <summary>
    /// The mean over events of -log p(x) + a Kinetic + b JacobianNorm, a loss to minimise (Finlay, Jacobsen, Nurbekyan, Oberman
    /// 2020, equation 10).
    /// </summary>
    /// <param name="baseLogProb">The log-density of the latents, [N, d] to [N].</param>
    /// <param name="x">Data [N, d].</param>
    /// <param name="kinetic">a.</param>
    /// <param name="jacobian">b.</param>
    /// <param name="context">One context for each event.</param>
    public Tensor RegularizedLoss(Func<Tensor, Tensor> baseLogProb, Tensor x, double kinetic = 0.01,
        double jacobian = 0.01, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(baseLogProb);
        using var scope = NewDisposeScope();
        var (z, logDet, energy, norm) = Transport(x, context);
        return scope.MoveToOuter((energy * kinetic + norm * jacobian - baseLogProb(z) - logDet).mean());
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var end = Integrate(x, 0, 1, context, costs: false);
        return (end[0], end[1]);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var end = Integrate(z, 1, 0, context, costs: false);
        return (end[0], end[1]);
    }

    private Tensor[] Integrate(Tensor start, double from, double to, Tensor? context, bool costs)
    {
        if (torch.is_inference_mode_enabled())   // the trace needs autograd, and autograd tensors of its own
        {
            using var normal = torch.inference_mode(false);
            using var guard = torch.no_grad();
            return Integrate(start.clone(), from, to, context?.clone(), costs);
        }
        // Steps of a fixed number let each event go its own way, and ask for no value.
        if (options.Method == OdeMethod.RungeKutta4) return IntegrateNumbers(start, from, to, context, costs);
        var spoiled = start.isnan().any(1);
        if (context is not null) spoiled = spoiled.logical_or(context.isnan().any(1));
        if (!spoiled.any().ToBoolean()) return IntegrateNumbers(start, from, to, context, costs);
        // Steps of a length that adapts are the same for all events: one that is no number must not stop the others.
        var rows = spoiled.unsqueeze(1);
        var end = IntegrateNumbers(start.masked_fill(rows, 0), from, to, context?.masked_fill(rows, 0), costs);
        return [.. end.Select(part => part.masked_fill(part.dim() == 1 ? spoiled : rows, double.NaN))];
    }

    private Tensor[] IntegrateNumbers(Tensor start, double from, double to, Tensor? context, bool costs)
    {
        var noise = trace switch
        {
            TraceMethod.Rademacher => torch.randint_like(start.detach(), 0, 2) * 2 - 1,
            TraceMethod.Normal => torch.randn_like(start.detach()),
            _ => null,
        };
        var way = new Way(from, to, noise, context, costs);
        return gradient == OdeGradient.Adjoint && torch.is_grad_enabled()
            ? AdjointSolve.Run(this, start, way) : Solve(start, way);
    }

    /// <summary>z, the integral of the trace, and those of the costs where they are wanted.</summary>
    internal Tensor[] Solve(Tensor start, Way way)
    {
        Tensor[] state = [start, .. Enumerable.Range(0, way.Costs ? 3 : 1).Select(_ => ZeroLogDet(start))];
        (state, Evaluations) = OdeSolver.Solve((t, y) => Derivative(t, y[0], way), state, way.From, way.To, options);
        return state;
    }

    /// <summary>The state's derivatives. The trace needs autograd even where the caller does not want gradients.</summary>
    private Tensor[] Derivative(double t, Tensor z, Way way)
    {
        var wanted = torch.is_grad_enabled();
        using var guard = torch.enable_grad();
        var at = wanted && z.requires_grad ? z : z.detach().requires_grad_();
        var rates = Rates(t, at, way, wanted);
        return wanted ? rates : [.. rates.Select(r => r.detach())];
    }

    /// <summary>v, the trace of dv/dz, and |v|^2 and |dv/dz|_F^2 where costs are wanted, at a z that carries gradients.</summary>
    internal Tensor[] Rates(double t, Tensor z, Way way, bool keepGraph)
    {
        var v = velocity.Velocity(t, z, way.Context);
        Tensor[] rows = way.Noise is null
            ? [.. Enumerable.Range(0, (int)z.size(1)).Select(i => Row(v, z, keepGraph, i))]
            : [torch.autograd.grad([v], [z], [way.Noise], retain_graph: true, create_graph: keepGraph)[0]];
        var divergence = way.Noise is null
            ? rows.Select((row, i) => row.select(1, i)).Aggregate((a, b) => a + b)
            : (rows[0] * way.Noise).sum(1L);
        return way.Costs
            ? [v, divergence, v.square().sum(1L), rows.Select(row => row.square().sum(1L)).Aggregate((a, b) => a + b)]
            : [v, divergence];
    }

    private static Tensor Row(Tensor v, Tensor z, bool keepGraph, int i) =>
        torch.autograd.grad([v.select(1, i).sum()], [z], retain_graph: true, create_graph: keepGraph)[0];

    /// <inheritdoc/>
    protected override string Title =>
        $"ContinuousFlow, {options.Method}, {trace.ToString().ToLowerInvariant()} trace, "
        + $"{gradient.ToString().ToLowerInvariant()} gradients";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [velocity];

    /// <summary>
    /// One solution: from when to when, with which random directions, under which context, with or without costs.
    /// </summary>
    internal sealed record Way(double From, double To, Tensor? Noise, Tensor? Context, bool Costs);
}
