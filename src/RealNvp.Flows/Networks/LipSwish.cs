using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// h sigmoid(beta h) / 1.1 with a learned beta = softplus(s) above 0: its slope is below 1. ELU has its slope of 1 along a
/// straight half-line, where the log-determinant of a residual flow has no gradient; this bends on the whole way up to its
/// steepest point (Chen et al. 2019, arXiv:1906.02735, section 3.3).
/// </summary>
internal sealed class LipSwish : FlowModule
{
    /// <summary>What swish is divided by: its largest slope is 1.0998.</summary>
    internal const double LargestSlope = 1.1;

    private const double Start = 0.5, Least = 1e-4;   // a beta of 0 could not be divided by

    private readonly Parameter sharpness;

    internal LipSwish() : base(nameof(LipSwish))
    {
        sharpness = new Parameter(torch.full([], Start));
        RegisterComponents();
    }

    internal Tensor Beta => nn.functional.softplus(sharpness) + Least;
}
