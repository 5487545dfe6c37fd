using Microsoft.FSharp.Collections;

namespace Plotly.NET;

/// <summary>Traces, layout and frames: what plotly.js calls a figure.</summary>
public sealed class Figure(FSharpList<Trace> data, Layout layout, FSharpList<Frame> frames)
{
    public FSharpList<Trace> Data { get; } = data;
    public Layout Layout { get; } = layout;
    public FSharpList<Frame> Frames { get; } = frames;

    /// <summary>A figure without frames.</summary>
    public static Figure create(FSharpList<Trace> data, Layout layout) => new(data, layout, FSharpList<Frame>.Empty);
}
