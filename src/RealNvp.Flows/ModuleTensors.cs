using static TorchSharp.torch;

namespace RealNvp.Flows;

internal static class ModuleTensors
{
    /// <summary>
    /// Takes a module's own parameters and buffers out of the dispose scope that they were made in: they live as long as their
    /// module. Called once, where components are registered.
    /// </summary>
    internal static void OutliveScopes(this nn.Module module)
    {
        foreach (var tensor in module.parameters(recurse: false)) tensor.DetachFromDisposeScope();
        foreach (var tensor in module.buffers(recurse: false)) tensor.DetachFromDisposeScope();
    }
}
