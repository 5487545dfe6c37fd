using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>What the columns of a Sylvester flow's Q are.</summary>
public enum SylvesterBasis
{
    /// <summary>M learned orthonormal columns, M at most d: the Q of a QR factorisation of a free d x M matrix.</summary>
    Orthogonal,

    /// <summary>A d x d product of learned Householder reflections.</summary>
    Householder,

    /// <summary>The identity, or the reversed order of features: no parameters; alternate the two from layer to layer.</summary>
    Triangular,
}

/// <summary>
/// z = x + Q R tanh(S Q^T x + b) with orthonormal columns Q [d, M] and upper triangular R, S [M, M], M bends at once where a
/// planar flow has one: logDet = sum_i log(1 + r_ii s_ii (1 - tanh^2_i)). It is invertible when every r_ii s_ii is above -1,
/// which r_ii = (1 - e) (log(1 + exp(a_i)) - 1) / s_ii with s_ii = exp(c_i) and a margin e = 1e-3 enforces (van den Berg,
/// Hasenclever, Tomczak, Welling 2018, arXiv:1803.05649, theorems 1 and 2).
/// </summary>
/// <remarks>
/// The inverse works in the coordinates v = Q^T x, from the last one up: each is the root of an increasing function of one
/// number, since R and S are triangular. A positive s_ii loses nothing: tanh is odd, so a sign can move to r_ii.
/// </remarks>
public sealed class Sylvester : Bijection
{
    private const double Margin = 1e-3;   // the least slope of the map in v_i: without it, rounding could reach 0

    private readonly SylvesterBasis basis;
    private readonly bool reversed;
    private readonly Parameter? directions;    // of the orthogonal kind [d, M], of the reflections [H, d]
    private readonly Parameter above;          // R above its diagonal
    private readonly Parameter rawDiagonal;    // a
    private readonly Parameter sense;          // S above its diagonal
    private readonly Parameter logSense;       // c
    private readonly Parameter offset;

    private Sylvester(int d, int bends, SylvesterBasis basis, bool reversed, Parameter? directions) : base(nameof(Sylvester), [d])
    {
        (this.basis, this.reversed, this.directions) = (basis, reversed, directions);
        using var scope = NewDisposeScope();
        above = new Parameter(torch.randn(bends, bends) * 0.01);
        rawDiagonal = new Parameter(torch.full(bends, Math.Log(Math.E - 1)) + torch.randn(bends) * 0.1);   // r_ii near 0
        sense = new Parameter(torch.randn(bends, bends) * 0.1);
        logSense = new Parameter(torch.zeros(bends));
        offset = new Parameter(torch.zeros(bends));
        RegisterComponents();
    }

    /// <summary>M bends along learned orthonormal directions.</summary>
    /// <param name="d">Features.</param>
    /// <param name="bends">M, 1 to d.</param>
    /// <exception cref="ArgumentOutOfRangeException">bends is not in 1 to d.</exception>
    public static Sylvester Orthogonal(int d, int bends)
    {
        Arguments.AtLeastOne(d);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bends);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bends, d);
        return new(d, bends, SylvesterBasis.Orthogonal, false, new Parameter(torch.randn(d, bends)));
    }

    /// <summary>d bends in a basis turned by Householder reflections.</summary>
    /// <param name="d">Features.</param>
    /// <param name="reflections">Number of reflections; null is d.</param>
    /// <exception cref="ArgumentOutOfRangeException">reflections is not positive.</exception>
    public static Sylvester Householder(int d, int? reflections = null)
    {
        Arguments.AtLeastOne(d);
        Arguments.AtLeastOne((long?)reflections, nameof(reflections));
        return new(d, d, SylvesterBasis.Householder, false, new Parameter(torch.randn(reflections ?? d, d)));
    }

    /// <summary>d bends along the features themselves.</summary>
    /// <param name="d">Features.</param>
    /// <param name="reversed">Take the features in reversed order, as every second layer does.</param>
    public static Sylvester Triangular(int d, bool reversed = false) => new(Arguments.AtLeastOne(d), d,
        SylvesterBasis.Triangular, reversed, null);

    /// <summary>What Q's columns are.</summary>
    public SylvesterBasis Basis => basis;

    /// <summary>Q [d, M], with orthonormal columns.</summary>
    public Tensor Columns() => basis switch
    {
        SylvesterBasis.Orthogonal => torch.linalg.qr(directions!).Q,
        SylvesterBasis.Householder => Bijections.Householder.Product(directions!),
        _ => reversed ? Identity().flip(0) : Identity(),
    };

    private Tensor Identity() => torch.eye(EventShape![0], dtype: offset.dtype, device: offset.device);

    /// <summary>R and S, and the products r_ii s_ii, all above -1.</summary>
    public (Tensor R, Tensor S, Tensor Products) Triangles()
    {
        var products = (torch.logaddexp(rawDiagonal, torch.zeros_like(rawDiagonal)) - 1) * (1 - Margin);
        return (above.triu(1) + torch.diag(products * logSense.neg().exp()), sense.triu(1) + torch.diag(logSense.exp()),
            products);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var q = Columns();
        var (r, s, products) = Triangles();
        var bend = offset.addmm(x.mm(q), s.t()).tanh();   // [N, M]
        return (x + bend.mm(r.t()).mm(q.t()), LogDet(bend, products));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var q = Columns();
        var (r, s, products) = Triangles();
        var along = z.mm(q);                              // w = v + R tanh(S v + b)
        var bends = (int)offset.size(0);
        var coordinates = new Tensor[bends];
        var tanhs = new Tensor[bends];
        for (var i = bends - 1; i >= 0; i--)
        {
            var (shift, target) = (offset[i].expand(z.size(0)), along.select(1, i));
            for (var j = i + 1; j < bends; j++) (shift, target) = (shift + coordinates[j] * s[i, j], target - tanhs[j] * r[i, j]);
            var (outer, inner, product) = (r[i, i], s[i, i], products[i]);
            coordinates[i] = RootFinding.Solve(v =>
            {
                var bend = (v * inner + shift).tanh();
                return (v + bend * outer, (1 - bend * bend) * product + 1);
            }, target);
            tanhs[i] = (coordinates[i] * inner + shift).tanh();
        }
        var bent = torch.stack(tanhs, 1);
        return (z - bent.mm(r.t()).mm(q.t()), LogDet(bent, products).neg());
    }

    private static Tensor LogDet(Tensor bend, Tensor products) => ((1 - bend * bend) * products).log1p().sum(1L);

    /// <inheritdoc/>
    protected override string Title =>
        $"Sylvester, {basis.ToString().ToLowerInvariant()}, {offset.size(0)} bends in {EventShape![0]} "
        + $"dimensions{(reversed ? ", reversed" : "")}";
}
