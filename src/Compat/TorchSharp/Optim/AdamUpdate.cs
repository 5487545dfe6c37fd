using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>The settings of an Adam step; decoupled decay shrinks the parameter instead of adding to the gradient.</summary>
internal readonly record struct AdamRates(double Lr, double Beta1, double Beta2, double Eps, double WeightDecay, bool Decoupled,
    bool AmsGrad, bool Maximize);

/// <summary>What Adam and AdamW remember of a parameter.</summary>
internal interface IAdamState
{
    ref long Step { get; }
    torch.Tensor Mean { get; }
    torch.Tensor Square { get; }
    torch.Tensor? MaxSquare { get; }
}

/// <summary>The step that Adam and AdamW share.</summary>
internal static class AdamUpdate
{
    internal static void Run(GroupMembers members, in AdamRates r)
    {
        var fused = members.Fused;
        long known = -1;
        double rate = 0, root = 0;
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            var state = (IAdamState)members.States[k];
            if (r.AmsGrad != state.MaxSquare is not null)
                throw new InvalidOperationException("amsgrad was switched after the states were made: set it when the group "
                    + "is added");
            var step = state.Step + 1;
            if (step != known)
            {
                known = step;
                rate = r.Lr / (1 - Math.Pow(r.Beta1, step));
                root = 1 / Math.Sqrt(1 - Math.Pow(r.Beta2, step));
            }
            fused.SetStates(k, state.Mean, state.Square, state.MaxSquare);
            fused.SetScalars(k, r.Maximize ? -1 : 1, r.Decoupled ? 0 : r.WeightDecay, r.Decoupled ? 1 - r.Lr * r.WeightDecay : 1,
                r.Beta1, 1 - r.Beta1, r.Beta2, 1 - r.Beta2, root, r.Eps, rate);
        }
        var left = fused.Run(r.AmsGrad ? FusedStep.Algorithm.AdamMax : FusedStep.Algorithm.Adam);
        for (var k = 0; k < members.Parameters.Length; k++)
            if (fused[k] != FusedStep.Status.NoGradient) ((IAdamState)members.States[k]).Step++;
        if (left) WithOperators(members, r);
    }

    // The parameters that the native step left, in lists: one operator for all tensors of a list where the device has such
    // kernels.
    private static void WithOperators(GroupMembers members, in AdamRates r)
    {
        var indices = Enumerable.Range(0, members.Parameters.Length).Where(k => members.Fused[k] == FusedStep.Status.NotFused);
        foreach (var sameStep in indices.GroupBy(k => ((IAdamState)members.States[k]).Step))
        {
            int[] places = [.. sameStep];
            var states = Array.ConvertAll(places, k => (IAdamState)members.States[k]);
            torch.Tensor[] parameters = Array.ConvertAll(places, k => members.Parameters[k]);
            var gradients = Array.ConvertAll(places, k => members.Parameters[k].grad!);
            var means = Array.ConvertAll(states, s => s.Mean);
            var squares = Array.ConvertAll(states, s => s.Square);
            if (r.Maximize) gradients = Foreach.Neg.RunList(gradients);
            if (r.Decoupled) Foreach.MulScalar_.RunVoid(parameters, 1 - r.Lr * r.WeightDecay);
            else if (r.WeightDecay != 0) gradients = Foreach.AddList.RunList(gradients, parameters, r.WeightDecay);

            Foreach.MulScalar_.RunVoid(means, r.Beta1);
            Foreach.AddList_.RunVoid(means, gradients, 1 - r.Beta1);
            Foreach.MulScalar_.RunVoid(squares, r.Beta2);
            var conjugates = Array.ConvertAll(gradients, g => g.is_complex() ? g.conj() : g);
            Foreach.AddcmulScalar_.RunVoid(squares, gradients, conjugates, 1 - r.Beta2);
            if (r.AmsGrad)
            {
                var largest = Array.ConvertAll(states, s => s.MaxSquare!);
                for (var k = 0; k < largest.Length; k++)
                {
                    using var now = torch.maximum(largest[k], squares[k]);
                    largest[k].copy_(now);
                }
                squares = largest;
            }
            var denominators = Foreach.Sqrt.RunList(squares);
            Foreach.DivScalar_.RunVoid(denominators, Math.Sqrt(1 - Math.Pow(r.Beta2, sameStep.Key)));
            Foreach.AddScalar_.RunVoid(denominators, r.Eps);
            Foreach.AddcdivScalar_.RunVoid(parameters, means, denominators, -r.Lr / (1 - Math.Pow(r.Beta1, sameStep.Key)));
        }
    }
}
