using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// Residual flow: contractive residual blocks, a learned scale and shift before and behind each (Behrmann et al. 2019,
    /// arXiv:1811.00995; Chen et al. 2019, arXiv:1906.02735).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Blocks.</param>
    /// <param name="hidden">Widths of each block's hidden layers; null is [128], since each further layer loosens the
    /// bound.</param>
    /// <param name="method">How log-determinants are taken; null is exact up to 8 dimensions, Russian roulette above.</param>
    /// <exception cref="ArgumentException">layers is below 1.</exception>
    public static Flow Residual(int dim, int layers = 10, int[]? hidden = null, ResidualLogDet? method = null)
    {
        RequireFeatures(dim);
        RequireLayers(layers);
        var how = method ?? (dim <= 8 ? ResidualLogDet.Exact : ResidualLogDet.RussianRoulette);
        return new(new Chain(
        [
            .. Enumerable.Range(0, layers)
                .SelectMany<int, Bijection>(_ => [new ActNorm(dim), new ResidualFlow(dim, hidden ?? [128], how)]),
            new ActNorm(dim),
        ]));
    }

    /// <summary>
    /// Planar flow: bends along planes, fast in one direction; the other finds a root for each layer (Rezende, Mohamed 2015,
    /// arXiv:1505.05770).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Bends.</param>
    /// <param name="forSampling">Make sampling the fast direction, as variational inference needs, instead of density.</param>
    /// <exception cref="ArgumentException">layers is below 1.</exception>
    public static Flow Planar(int dim, int layers = 16, bool forSampling = false) =>
        Stack(dim, layers, _ => Directed(new Planar(dim), forSampling));

    /// <summary>Radial flow: pushes from and pulls to centres; closed in both directions (Rezende, Mohamed 2015).</summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Pushes and pulls.</param>
    /// <exception cref="ArgumentException">layers is below 1.</exception>
    public static Flow Radial(int dim, int layers = 16) => Stack(dim, layers, _ => new Radial(dim));

    /// <summary>Sylvester flow: M bends a layer (van den Berg, Hasenclever, Tomczak, Welling 2018, arXiv:1803.05649).</summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="basis">What the bends' directions are; the triangular kind alternates the order of the features.</param>
    /// <param name="bends">M of the orthogonal kind; null is dim.</param>
    /// <param name="forSampling">Make sampling the fast direction, as variational inference needs, instead of density.</param>
    /// <exception cref="ArgumentException">layers is below 1.</exception>
    public static Flow Sylvester(int dim, int layers = 8, SylvesterBasis basis = SylvesterBasis.Orthogonal, int? bends = null,
        bool forSampling = false) =>
        Stack(dim, layers, k => Directed(basis switch
        {
            SylvesterBasis.Orthogonal => Bijections.Sylvester.Orthogonal(dim, bends ?? dim),
            SylvesterBasis.Householder => Bijections.Sylvester.Householder(dim),
            _ => Bijections.Sylvester.Triangular(dim, reversed: k % 2 == 1),
        }, forSampling));

    private static Bijection Directed(Bijection bijection, bool forSampling) => forSampling ? bijection.Inverted() : bijection;

    private static Flow Stack(int dim, int layers, Func<int, Bijection> layer)
    {
        RequireFeatures(dim);
        RequireLayers(layers);
        return new(new Chain([.. Enumerable.Range(0, layers).Select(layer)]));
    }
}
