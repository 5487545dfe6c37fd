using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>
/// One step of all parameters of a group in one native call (native/optim.cpp). The caller sets, for each parameter, its states
/// and the scalars of the update, runs the step, and reads off what happened to each.
/// </summary>
internal sealed class FusedStep
{
    /// <summary>As native/optim.cpp lists them.</summary>
    internal enum Algorithm
    {
        Adam, AdamMax, Sgd, SgdMomentum, SgdNesterov, RmsProp, RmsPropCentered, Adamax, Adagrad, NAdam, RAdam,
    }

    internal enum Status : byte
    {
        NoGradient = 0,
        Done = 1,

        /// <summary>On another device, of another dtype or layout: operators have to do it.</summary>
        NotFused = 2,
    }

    private const int Slots = 4, ScalarCount = 11;

    private readonly Parameter[] _parameters;
    private readonly nint[] _tensors;
    private readonly double[] _scalars;
    private readonly byte[] _status;

    internal FusedStep(Parameter[] parameters)
    {
        _parameters = parameters;
        _tensors = new nint[parameters.Length * Slots];
        _scalars = new double[parameters.Length * ScalarCount];
        _status = new byte[parameters.Length];
    }

    internal Status this[int k] => (Status)_status[k];

    /// <summary>The states of parameter k; null where the algorithm has none.</summary>
    internal void SetStates(int k, torch.Tensor? a, torch.Tensor? b = null, torch.Tensor? c = null)
    {
        var p = _parameters[k];
        if (p.IsInvalid)
        {
            throw new InvalidOperationException($"parameter {k} of this optimizer was disposed. Where a module was moved or "
                + $"cast with to(...), "
                + "its parameters were replaced: build the optimizer after that.");
        }
        var at = _tensors.AsSpan(k * Slots, Slots);
        at[0] = p.Handle;
        at[1] = a?.Handle ?? 0;
        at[2] = b?.Handle ?? 0;
        at[3] = c?.Handle ?? 0;
    }

    /// <summary>
    /// The gradient is taken times <paramref name="sign"/> plus weightDecay times the parameter, which is first multiplied by
    /// <paramref name="shrink"/>; <paramref name="rest"/> is the algorithm's own.
    /// </summary>
    internal void SetScalars(int k, double sign, double weightDecay, double shrink, params ReadOnlySpan<double> rest)
    {
        var at = _scalars.AsSpan(k * ScalarCount, ScalarCount);
        at[0] = sign;
        at[1] = weightDecay;
        at[2] = shrink;
        rest.CopyTo(at[3..]);
    }

    /// <summary>Returns whether parameters are left that operators have to update.</summary>
    internal unsafe bool Run(Algorithm algorithm)
    {
        fixed (nint* tensors = _tensors)
        fixed (double* scalars = _scalars)
        fixed (byte* status = _status)
            NativeMethods.Check(NativeMethods.td_optim_step((int)algorithm, tensors, scalars, status, _parameters.Length),
                "step");
        GC.KeepAlive(_parameters);
        return _status.AsSpan().Contains((byte)Status.NotFused);
    }

    /// <summary>Zeroes the gradients in place.</summary>
    internal unsafe void ZeroGradients()
    {
        for (var k = 0; k < _parameters.Length; k++) _tensors[k] = _parameters[k].Handle;
        fixed (nint* handles = _tensors) NativeMethods.Check(NativeMethods.td_zero_grads(handles, _parameters.Length),
            "zero_grad");
        GC.KeepAlive(_parameters);
    }
}
