using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = x + beta h(r) (x - c) with r = |x - c| and h(r) = 1 / (alpha + r), a push from or pull to a centre:
/// logDet = (d - 1) log(1 + beta h) + log(1 + beta h - beta h^2 r). It is invertible when beta is above -alpha, which beta =
/// -alpha + log(1 + exp(b)) enforces (Rezende, Mohamed 2015, arXiv:1505.05770, section 4.1 and appendix A.2).
/// </summary>
/// <remarks>The inverse is closed: |z - c| = r (1 + beta / (alpha + r)) is a quadratic in r.</remarks>
public sealed class Radial : Bijection
{
    private readonly Parameter centre;
    private readonly Parameter logAlpha;
    private readonly Parameter rawBeta;

    /// <summary>Starts at the identity, around a random centre.</summary>
    public Radial(int d) : base(nameof(Radial), Arguments.Vector(nameof(Radial), d))
    {
        using var scope = NewDisposeScope();
        centre = new Parameter(torch.randn(d) * 0.5);
        logAlpha = new Parameter(torch.zeros(1));
        rawBeta = new Parameter(torch.full(1, Math.Log(Math.E - 1)));   // beta = 0
        RegisterComponents();
    }

    private (Tensor Alpha, Tensor Beta) Shape()
    {
        var alpha = logAlpha.exp();
        return (alpha, torch.logaddexp(rawBeta, torch.zeros_like(rawBeta)) - alpha);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (alpha, beta) = Shape();
        var away = x - centre;
        var r = Length(away);
        return (x + away * (beta / (alpha + r)), LogDet(r, alpha, beta));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (alpha, beta) = Shape();
        var away = z - centre;
        var far = Length(away);
        // r^2 + (alpha + beta - far) r - alpha far = 0, whose positive root is taken in the form that does not cancel.
        var half = (alpha + beta - far) / 2;
        var product = alpha * far;
        var root = (half * half + product).sqrt();
        var r = torch.where(half.gt(0), product / (half + root), root - half);
        return (centre + away / (1 + beta / (alpha + r)), LogDet(r, alpha, beta).neg());
    }

    private static Tensor Length(Tensor away) => (away * away).sum(1L, keepdim: true).clamp_min(1e-30).sqrt();

    private Tensor LogDet(Tensor r, Tensor alpha, Tensor beta)
    {
        var h = 1 / (alpha + r);
        var stretch = beta * h;
        return (stretch.log1p() * (EventShape![0] - 1) + (stretch - stretch * h * r).log1p()).squeeze(1);
    }
}
