using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// The parameters of a group, their states, and the buffers of the step that updates them all in one native call.
/// </summary>
internal sealed class GroupMembers
{
    internal readonly Parameter[] Parameters;
    internal readonly OptimizerState[] States;
    internal readonly OrderedDict<nint, OptimizerState> Source;
    internal readonly FusedStep Fused;

    internal GroupMembers(Parameter[] parameters, OrderedDict<nint, OptimizerState> states)
    {
        Parameters = parameters;
        Source = states;
        States = new OptimizerState[parameters.Length];
        for (var k = 0; k < parameters.Length; k++) States[k] = states[parameters[k].Handle];
        Fused = new(parameters);
    }
}
