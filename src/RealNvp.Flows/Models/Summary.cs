using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>What a flow is made of, one line a layer: name, shape of what comes out, parameters.</summary>
public static class ModelSummary
{
    private const int WidestName = 76;

    /// <summary>The table of a flow's layers, base and parameters, from data to latents.</summary>
    public static string Summary(this Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        List<Row> rows = [];
        var shape = Add(rows, flow.Bijection, flow.EventShape, "");
        rows.Add(new($"base: {FirstLine(flow.Base)}", Shapes.Text(shape), Count(flow.Base)));
        var name = Math.Min(WidestName, Math.Max(5, rows.Max(r => r.Name.Length)));
        var size = Math.Max(6, rows.Max(r => r.Shape.Length));
        string Line(string first, string second, string third) =>
            $"{Cut(first, name).PadRight(name)}  {second.PadRight(size)}  {third,12}".TrimEnd();
        return string.Join('\n',
        [
            $"Flow on {Shapes.Text(flow.EventShape)}{(flow.ContextSize is { } c ? $", context {c}" : "")}",
            Line("layer", "output", "parameters"),
            .. rows.Select(r => Line(r.Name, r.Shape, r.Parameters is { } n ? $"{n:n0}" : "")),
            Line("total", "", $"{Count(flow):n0}"),
        ]);
    }

    /// <summary>
    /// Adds a bijection's rows, those of the parts of a chain or a multi-scale map below its own, and gives the shape that it
    /// hands on.
    /// </summary>
    private static long[] Add(List<Row> rows, Bijection bijection, long[] shape, string indent)
    {
        var end = bijection.LatentShape ?? shape;
        var parts = bijection switch
        {
            Chain chain => chain.Layers,
            MultiScale scales => scales.Scales,
            _ => null,
        };
        rows.Add(new(indent + FirstLine(bijection), Shapes.Text(end), parts is null ? Count(bijection) : null));
        if (parts is null) return end;
        var at = shape;
        for (var k = 0; k < parts.Count; k++) at = Add(rows, parts[k], parts[k].EventShape ?? at, indent + "  ");
        return bijection.LatentShape ?? at;
    }

    private static long Count(nn.Module module) => module.parameters().Sum(p => p.numel());

    private static string FirstLine(object part) => (part.ToString() ?? "").Split('\n')[0];

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 3)] + "...";

    private sealed record Row(string Name, string Shape, long? Parameters);
}
