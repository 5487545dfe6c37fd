namespace TorchSharp.Modules;

/// <summary>How an optimizer changes the parameters of a group.</summary>
internal abstract class UpdateRule
{
    internal abstract OptimizerOptions NewOptions();

    internal abstract OptimizerState NewState(Parameter parameter);

    /// <exception cref="ArgumentException">The options are another optimizer's.</exception>
    internal abstract void Check(OptimizerOptions options);

    /// <summary>One step of all parameters that have a gradient.</summary>
    internal abstract void Update(GroupMembers members, OptimizerOptions options);

    /// <summary>g, or -g to maximize, plus <paramref name="weightDecay"/> p.</summary>
    protected static torch.Tensor Gradient(Parameter p, double weightDecay, bool maximize = false)
    {
        var g = maximize ? p.grad!.neg() : p.grad!;
        return weightDecay == 0 ? g : g.add(p, alpha: weightDecay);
    }
}

/// <summary>
/// A formula in two forms: as scalars for the native loop, which takes dense CPU tensors of float32 and float64, and in
/// operators, for the parameters that it leaves.
/// </summary>
internal abstract class UpdateRule<TOptions, TState> : UpdateRule
    where TOptions : OptimizerOptions, new()
    where TState : OptimizerState
{
    internal override OptimizerOptions NewOptions() => new TOptions();

    internal override void Check(OptimizerOptions options)
    {
        if (options is not TOptions)
            throw new ArgumentException($"expected options of {typeof(TOptions)}, got {options.GetType()}", nameof(options));
    }

    internal override void Update(GroupMembers members, OptimizerOptions options)
    {
        var o = (TOptions)options;
        var fused = members.Fused;
        Begin(o);
        for (var k = 0; k < members.States.Length; k++) Prepare(fused, k, (TState)members.States[k], o);
        var left = fused.Run(Algorithm(o));
        for (var k = 0; k < members.States.Length; k++)
        {
            var state = (TState)members.States[k];
            if (fused[k] == FusedStep.Status.NoGradient) Skip(state, o);
            else Advance(state, o);
        }
        if (!left) return;
        int[] places = [.. Enumerable.Range(0, members.States.Length).Where(k => fused[k] == FusedStep.Status.NotFused)];
        WithOperators(Array.ConvertAll(places, k => members.Parameters[k]),
            Array.ConvertAll(places, k => (TState)members.States[k]), o);
    }

    protected abstract FusedStep.Algorithm Algorithm(TOptions o);

    /// <summary>What is the same for all parameters of the group.</summary>
    protected virtual void Begin(TOptions o)
    {
    }

    /// <summary>Gives the native loop the states of parameter k and the scalars of its next step.</summary>
    protected abstract void Prepare(FusedStep fused, int k, TState state, TOptions o);

    /// <summary>Counts the step of a parameter that has a gradient, before its operators run.</summary>
    protected virtual void Advance(TState state, TOptions o)
    {
    }

    /// <summary>The parameter had no gradient.</summary>
    protected virtual void Skip(TState state, TOptions o)
    {
    }

    protected abstract void WithOperators(Parameter[] parameters, TState[] states, TOptions o);
}

/// <summary>A rule whose operators take one parameter at a time.</summary>
internal abstract class SingleRule<TOptions, TState> : UpdateRule<TOptions, TState>
    where TOptions : OptimizerOptions, new()
    where TState : OptimizerState
{
    protected sealed override void WithOperators(Parameter[] parameters, TState[] states, TOptions o)
    {
        for (var k = 0; k < parameters.Length; k++) WithOperators(parameters[k], states[k], o);
    }

    protected abstract void WithOperators(Parameter p, TState state, TOptions o);
}
