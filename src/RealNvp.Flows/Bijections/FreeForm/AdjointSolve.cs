using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A continuous flow's solution as one function of the start, the context and the field's parameters, whose gradient is found by
/// the adjoint equation. Nothing of the way is kept but its end, from which the backward pass runs it again in reverse.
/// </summary>
internal sealed class AdjointSolve : torch.autograd.MultiTensorFunction<AdjointSolve>
{
    /// <inheritdoc/>
    public override string Name => nameof(AdjointSolve);

    internal static Tensor[] Run(ContinuousFlow flow, Tensor start, ContinuousFlow.Way way)
    {
        var empty = start.new_empty(0);
        return [.. apply([flow, way, start, way.Context ?? empty, .. Parameters(flow)])];
    }

    private static Tensor[] Parameters(ContinuousFlow flow) => [.. flow.parameters().Where(p => p.requires_grad)];

    /// <inheritdoc/>
    public override List<Tensor> forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (flow, way, start) = ((ContinuousFlow)vars[0], (ContinuousFlow.Way)vars[1], (Tensor)vars[2]);
        using var guard = torch.no_grad();
        var end = flow.Solve(start, way);
        var empty = start.new_empty(0);
        ctx.set_materialize_grads(false);   // else the package asks for what may have left with the caller's scope
        ctx.save_for_backward([end[0], way.Noise ?? empty, way.Context ?? empty]);
        ctx.save_data("flow", flow);
        ctx.save_data("way", way);
        return [.. end];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(torch.autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var flow = (ContinuousFlow)ctx.get_data("flow");
        var way = (ContinuousFlow.Way)ctx.get_data("way");
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        using var guard = torch.enable_grad();
        var context = way.Context is null ? null : saved[2].detach().requires_grad_();
        way = way with { Noise = way.Noise is null ? null : saved[1].detach(), Context = context };
        Tensor[] others = [.. Parameters(flow), .. context is null ? [] : new[] { context }];
        // Of the trace's integral and the costs': constant along the way. Of what nobody used, there is none.
        var weights = grad_outputs.Skip(1).ToArray();

        Tensor[] Reverse(double t, Tensor[] state)
        {
            using var inner = torch.enable_grad();
            var z = state[0].detach().requires_grad_();
            var rates = flow.Rates(t, z, way, keepGraph: true);
            var sum = (rates[0] * state[1]).sum();
            for (var k = 0; k < weights.Length; k++)
                if (!weights[k].IsInvalid) sum = sum + (rates[k + 1] * weights[k]).sum();
            var gradients = torch.autograd.grad([sum], [z, .. others], allow_unused: true);
            var flat = others.Select((p, k) =>
                (gradients[k + 1].IsInvalid ? torch.zeros_like(p) : gradients[k + 1]).detach().reshape(-1));
            return [rates[0].detach(), gradients[0].detach().neg(), torch.cat([.. flat]).neg()];
        }

        Tensor[] state;
        using (torch.no_grad())
        {
            var total = others.Sum(p => p.numel());
            var ofEnd = grad_outputs[0].IsInvalid ? torch.zeros_like(saved[0]) : grad_outputs[0].detach();
            (state, flow.AdjointEvaluations) = OdeSolver.Solve(
                Reverse, [saved[0].detach(), ofEnd, saved[0].new_zeros(total)], way.To, way.From, flow.Options, controlled: 2);
        }
        var parts = state[2].split([.. others.Select(p => p.numel())]).Select((part, k) => part.view(others[k].shape)).ToArray();
        var ofContext = context is null ? saved[0].new_empty(0) : parts[^1];
        var ofParameters = context is null ? parts : parts[..^1];
        Tensor[] results = [state[1], ofContext, .. ofParameters];
        foreach (var result in results) scope.MoveToOuter(result);
        return [null!, null!, .. results];
    }
}
