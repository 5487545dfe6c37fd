namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Where a formatter writes, and how deep in the object graph it is.</summary>
public class FormatContext(TextWriter writer) : IDisposable
{
    public int Depth { get; private set; }

    public TextWriter Writer { get; } = writer ?? throw new ArgumentNullException(nameof(writer));

    /// <summary>One level deeper until the result is disposed.</summary>
    internal Level Deeper()
    {
        Depth++;
        return new Level(this);
    }

    public void Dispose() => GC.SuppressFinalize(this);

    internal readonly struct Level(FormatContext context) : IDisposable
    {
        public void Dispose() => context.Depth--;
    }
}
