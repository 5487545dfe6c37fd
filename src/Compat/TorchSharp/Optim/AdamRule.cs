namespace TorchSharp.Modules;

/// <summary>The settings of an Adam step; decoupled decay shrinks the parameter instead of adding to the gradient.</summary>
internal readonly record struct AdamRates(double Lr, double Beta1, double Beta2, double Eps, double WeightDecay, bool Decoupled,
    bool AmsGrad, bool Maximize);

/// <summary>The running means of a parameter after so many steps; with amsgrad, the largest of the squares' as well.</summary>
internal readonly record struct AdamMoments(long Step, torch.Tensor Mean, torch.Tensor Square, torch.Tensor? MaxSquare);

/// <summary>The step that Adam and AdamW share.</summary>
internal abstract class AdamRule<TOptions, TState> : UpdateRule<TOptions, TState>
    where TOptions : OptimizerOptions, new()
    where TState : OptimizerState
{
    private AdamRates _r;

    // Parameters mostly have taken the same number of steps, and so share the powers of the betas.
    private long _known;
    private double _rate, _root;

    protected abstract AdamRates Rates(TOptions o);

    protected abstract AdamMoments Moments(TState s);

    protected override void Begin(TOptions o)
    {
        _r = Rates(o);
        _known = -1;
    }

    protected override FusedStep.Algorithm Algorithm(TOptions o) =>
        _r.AmsGrad ? FusedStep.Algorithm.AdamMax : FusedStep.Algorithm.Adam;

    protected override void Prepare(FusedStep fused, int k, TState state, TOptions o)
    {
        var moments = Moments(state);
        if (_r.AmsGrad != moments.MaxSquare is not null)
            throw new InvalidOperationException("amsgrad was switched after the states were made: set it when the group "
                + "is added");
        var step = moments.Step + 1;
        if (step != _known)
        {
            _known = step;
            _rate = _r.Lr / (1 - Math.Pow(_r.Beta1, step));
            _root = 1 / Math.Sqrt(1 - Math.Pow(_r.Beta2, step));
        }
        fused.SetStates(k, moments.Mean, moments.Square, moments.MaxSquare);
        fused.SetScalars(k, _r.Maximize ? -1 : 1, _r.Decoupled ? 0 : _r.WeightDecay,
            _r.Decoupled ? 1 - _r.Lr * _r.WeightDecay : 1,
            _r.Beta1, 1 - _r.Beta1, _r.Beta2, 1 - _r.Beta2, _root, _r.Eps, _rate);
    }

    // In lists: one operator for all tensors of a list where the device has such kernels.
    protected override void WithOperators(Parameter[] parameters, TState[] states, TOptions o)
    {
        var all = parameters.Zip(states, (p, s) => (Parameter: p, Moments: Moments(s)));
        foreach (var sameStep in all.GroupBy(m => m.Moments.Step))
        {
            (Parameter Parameter, AdamMoments Moments)[] members = [.. sameStep];
            WithOperators(Array.ConvertAll(members, m => m.Parameter), Array.ConvertAll(members, m => m.Moments), sameStep.Key);
        }
    }

    private void WithOperators(Parameter[] leaves, AdamMoments[] moments, long step)
    {
        torch.Tensor[] parameters = leaves;
        var gradients = Array.ConvertAll(leaves, p => p.grad!);
        var means = Array.ConvertAll(moments, m => m.Mean);
        var squares = Array.ConvertAll(moments, m => m.Square);
        if (_r.Maximize) gradients = Foreach.Neg.RunList(gradients);
        if (_r.Decoupled) Foreach.MulScalar_.RunVoid(parameters, 1 - _r.Lr * _r.WeightDecay);
        else if (_r.WeightDecay != 0) gradients = Foreach.AddList.RunList(gradients, parameters, _r.WeightDecay);

        Foreach.MulScalar_.RunVoid(means, _r.Beta1);
        Foreach.AddList_.RunVoid(means, gradients, 1 - _r.Beta1);
        Foreach.MulScalar_.RunVoid(squares, _r.Beta2);
        var conjugates = Array.ConvertAll(gradients, g => g.is_complex() ? g.conj() : g);
        Foreach.AddcmulScalar_.RunVoid(squares, gradients, conjugates, 1 - _r.Beta2);
        if (_r.AmsGrad)
        {
            var largest = Array.ConvertAll(moments, m => m.MaxSquare!);
            for (var k = 0; k < largest.Length; k++)
            {
                using var now = torch.maximum(largest[k], squares[k]);
                largest[k].copy_(now);
            }
            squares = largest;
        }
        var denominators = Foreach.Sqrt.RunList(squares);
        Foreach.DivScalar_.RunVoid(denominators, Math.Sqrt(1 - Math.Pow(_r.Beta2, step)));
        Foreach.AddScalar_.RunVoid(denominators, _r.Eps);
        Foreach.AddcdivScalar_.RunVoid(parameters, means, denominators, -_r.Lr / (1 - Math.Pow(_r.Beta1, step)));
    }
}
