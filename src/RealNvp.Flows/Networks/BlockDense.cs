using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A fully connected layer of d blocks of units, y = h W + b, whose matrix is block triangular (block i of y sees blocks 0 to i
/// of h) with positive entries exp(w) in the blocks on the diagonal (De Cao, Titov, Aziz 2019, arXiv:1904.04676, section 3).
/// </summary>
internal sealed class BlockDense : FlowModule
{
    private readonly Parameter free;       // [d in, d out], of which what lies above the diagonal's blocks counts
    private readonly Parameter logOwn;     // the blocks on the diagonal before their exponential, [d, in, out]
    private readonly Parameter bias;       // [d out]
    private readonly Tensor mask;

    internal BlockDense(int d, int inputs, int outputs) : base(nameof(BlockDense))
    {
        var limit = 1 / Math.Sqrt((double)d * inputs);
        free = new Parameter(torch.empty(d * inputs, d * outputs).uniform_(-limit, limit));
        logOwn = new Parameter(torch.empty(d, inputs, outputs).uniform_(-1, 1) + Math.Log(limit));
        bias = new Parameter(torch.empty(d * outputs).uniform_(-limit, limit));
        mask = torch.ones(d, d).triu(1).repeat_interleave(inputs, 0).repeat_interleave(outputs, 1);
        Outputs = outputs;
        RegisterComponents();
    }

    /// <summary>Units of a block that come out.</summary>
    internal int Outputs { get; }

    /// <summary>h W + b, from [N, d in] to [N, d out].</summary>
    internal Tensor Value(Tensor h)
    {
        var others = bias.addmm(h, free * mask);
        var own = Tangents(h.view(h.size(0), logOwn.size(0), logOwn.size(1)));
        return others + own.flatten(1);
    }

    /// <summary>Each block by its own block of the matrix, from [N, d, in] to [N, d, out].</summary>
    internal Tensor Tangents(Tensor blocks) => torch.einsum("ndi,dio->ndo", blocks, logOwn.exp());
}
