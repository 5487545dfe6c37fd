using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>How a continuous flow takes the trace of its Jacobian.</summary>
public enum TraceMethod
{
    /// <summary>The exact trace, by d reverse passes (Chen et al. 2018).</summary>
    Exact,

    /// <summary>e^T J e with e of random signs, one for each event and call: unbiased, one reverse pass (FFJORD; Grathwohl et al. 2019).</summary>
    Rademacher,

    /// <summary>e^T J e with e standard normal: unbiased, of larger variance.</summary>
    Normal,
}

/// <summary>
/// z = z(1) with dz/dt = v(t, z), z(0) = x: logDet is the integral of the trace of dv/dz, and the inverse runs time backwards
/// (Chen et al. 2018, theorem 1; Grathwohl et al. 2019). Gradients run through the solver's steps.
/// </summary>
public sealed class ContinuousFlow : Bijection
{
    private readonly VectorField velocity;
    private readonly OdeOptions options;
    private readonly TraceMethod trace;

    /// <summary>Of a vector field, from time 0 to 1.</summary>
    /// <param name="field">v.</param>
    /// <param name="trace">How the trace is taken.</param>
    /// <param name="options">Solver and tolerances; both directions agree to about the tolerance.</param>
    public ContinuousFlow(VectorField field, TraceMethod trace = TraceMethod.Exact, OdeOptions? options = null)
        : base(nameof(ContinuousFlow), [(field ?? throw new ArgumentNullException(nameof(field))).Dimension])
    {
        velocity = field;
        this.trace = trace;
        this.options = options ?? new();
        RegisterComponents();
    }

    /// <summary>Evaluations of the field in the last call.</summary>
    public int Evaluations { get; private set; }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) => Integrate(x, 0, 1);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => Integrate(z, 1, 0);

    private (Tensor, Tensor) Integrate(Tensor start, double from, double to)
    {
        var noise = trace switch
        {
            TraceMethod.Rademacher => torch.randint_like(start, 0, 2) * 2 - 1,
            TraceMethod.Normal => torch.randn_like(start),
            _ => null,
        };
        var (state, evaluations) = OdeSolver.Solve((t, y) => Derivative(t, y[0], noise), [start, ZeroLogDet(start)], from, to, options);
        Evaluations = evaluations;
        return (state[0], state[1]);
    }

    /// <summary>v and the trace of dv/dz. The trace needs autograd even where the caller does not want gradients.</summary>
    private Tensor[] Derivative(double t, Tensor z, Tensor? noise)
    {
        var wanted = torch.is_grad_enabled();
        using var guard = torch.enable_grad();
        var at = wanted && z.requires_grad ? z : z.detach().requires_grad_();
        var v = velocity.Velocity(t, at);
        var divergence = noise is null ? Exact(v, at, wanted) : Product(v, at, noise, wanted);
        return wanted ? [v, divergence] : [v.detach(), divergence.detach()];
    }

    private static Tensor Exact(Tensor v, Tensor z, bool keepGraph)
    {
        var sum = z.new_zeros(z.size(0));
        for (var i = 0L; i < z.size(1); i++)
            sum = sum + torch.autograd.grad([v.select(1, i).sum()], [z], retain_graph: true, create_graph: keepGraph)[0].select(1, i);
        return sum;
    }

    private static Tensor Product(Tensor v, Tensor z, Tensor noise, bool keepGraph) =>
        (torch.autograd.grad([v], [z], [noise], retain_graph: true, create_graph: keepGraph)[0] * noise).sum(1L);

    /// <inheritdoc/>
    protected override string Title => $"ContinuousFlow, {options.Method}, {trace.ToString().ToLowerInvariant()} trace";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [velocity];
}
