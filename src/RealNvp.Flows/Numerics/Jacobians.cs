using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>Jacobian matrices of maps that treat the events of a batch independently.</summary>
/// <example>
/// <code>
/// var x = randn(3, 2, float64);
/// var jacobians = Jacobians.Autograd(a =&gt; a.pow(2), x);   // [3, 2, 2]
/// Console.WriteLine(Jacobians.LogAbsDet(jacobians).allclose((2 * x).abs().log().sum(1)));
/// // prints True
/// </code>
/// </example>
public static class Jacobians
{
    /// <summary>J[n, i, j] = d y_i / d x_j of event n, by one reverse pass for each output.</summary>
    /// <param name="map">From [N, ...in] to [N, ...out], event by event.</param>
    /// <param name="x">Where, [N, ...in].</param>
    /// <returns>[N, out, in], without gradients.</returns>
    public static Tensor Autograd(Func<Tensor, Tensor> map, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(x);
        using var guard = torch.enable_grad();
        using var scope = NewDisposeScope();
        var at = x.detach().clone().requires_grad_();
        var y = map(at).flatten(1);
        var outputs = y.size(1);
        var rows = new List<Tensor>();
        for (var i = 0L; i < outputs; i++)
        {
            var sum = y.select(1, i).sum();
            var row = sum.requires_grad
                ? torch.autograd.grad([sum], [at], retain_graph: true, allow_unused: true)[0]
                : torch.zeros_like(at);
            rows.Add((row.IsInvalid ? torch.zeros_like(at) : row).flatten(1));
        }
        return scope.MoveToOuter(torch.stack(rows, 1).detach());
    }

    /// <summary>
    /// The same by central differences, (f(x + h e_j) - f(x - h e_j)) / 2h: slower, with an error of order h^2, but independent
    /// of autograd.
    /// </summary>
    public static Tensor FiniteDifferences(Func<Tensor, Tensor> map, Tensor x, double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(x);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var flat = x.flatten(1);
        var columns = new List<Tensor>();
        for (var j = 0L; j < flat.size(1); j++)
        {
            var move = torch.zeros_like(flat);
            move.select(1, j).fill_(step);
            var ahead = map((flat + move).view(x.shape)).flatten(1);
            var behind = map((flat - move).view(x.shape)).flatten(1);
            columns.Add((ahead - behind) / (2 * step));
        }
        return scope.MoveToOuter(torch.stack(columns, 2));
    }

    /// <summary>log|det J| of each event's matrix, [N].</summary>
    public static Tensor LogAbsDet(Tensor jacobians)
    {
        ArgumentNullException.ThrowIfNull(jacobians);
        if (jacobians.dim() != 3 || jacobians.size(1) != jacobians.size(2))
            throw new ArgumentException(
                $"A determinant needs square matrices [N, D, D], but was given {Shapes.Text(jacobians.shape)}.",
                nameof(jacobians));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(torch.linalg.slogdet(jacobians).Item2);
    }
}
