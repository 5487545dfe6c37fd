using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>Torch's global generator from a seed on, until disposed: then it is as it was.</summary>
internal sealed class TorchSeed : IDisposable
{
    private readonly Tensor state;

    internal TorchSeed(long seed)
    {
        state = get_rng_state().DetachFromDisposeScope();
        manual_seed(seed);
    }

    public void Dispose()
    {
        set_rng_state(state);
        state.Dispose();
    }
}
