using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Bijections side by side, each on columns of its own: z = [f_1(x_1), ..., f_n(x_n)], log-determinants add. A part whose events
/// are no vectors takes and gives its numbers row by row.
/// </summary>
public sealed class Concatenate : Bijection
{
    private readonly ModuleList<Bijection> parts;

    /// <summary>Puts bijections side by side, the first on the first columns.</summary>
    /// <exception cref="ArgumentException">There are none, one works on any shape, so that its columns are not known, or contexts
    /// differ.</exception>
    public Concatenate(params IReadOnlyList<Bijection> parts)
        : base(nameof(Concatenate), [Sum(parts, part => part.EventShape)], [Sum(parts, part => part.LatentShape)],
            Contexts.Common(parts.Select(part => part.ContextSize), "Bijections"))
    {
        this.parts = new ModuleList<Bijection>([.. parts]);
        RegisterComponents();
    }

    /// <summary>The bijections, that of the first columns first.</summary>
    public IReadOnlyList<Bijection> Bijections => [.. parts];

    private static long Sum(IReadOnlyList<Bijection> parts, Func<Bijection, long[]?> shape)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("There is at least one bijection to put on columns.", nameof(parts));
        return parts.Sum(part => (shape(part) ?? throw new ArgumentException(
            $"Each part takes a known number of columns, but {part.GetName()} works on events of any shape; "
            + $"give it one, with {nameof(Box)} for instance.", nameof(parts))).Elements());
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        Each(x, part => part.EventShape!, (part, at) => part.ForwardCore(at, context.For(part.ContextSize)));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        Each(z, part => part.LatentShape!, (part, at) => part.InverseCore(at, context.For(part.ContextSize)));

    private (Tensor, Tensor) Each(Tensor all, Func<Bijection, long[]> shape, Func<Bijection, Tensor, (Tensor, Tensor)> map)
    {
        var (first, made, logDet) = (0L, new List<Tensor>(), ZeroLogDet(all));
        foreach (var part in parts)
        {
            var columns = shape(part).Elements();
            var (y, log) = map(part, all.narrow(1, first, columns).reshape([all.size(0), .. shape(part)]));
            made.Add(y.flatten(1));
            logDet = logDet + log;
            first += columns;
        }
        return (torch.cat(made, 1), logDet);
    }

    /// <inheritdoc/>
    protected override string Title => $"Concatenate of {parts.Count}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => parts.Select((part, k) => StructureText.Numbered(k, part));
}
