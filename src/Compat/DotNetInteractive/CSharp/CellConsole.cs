using System.Text;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>The console of cells: what they write becomes events at once; what others write goes where it went before.</summary>
internal sealed class CellConsole : TextWriter
{
    private static int _installed;

    private readonly TextWriter _other;
    private readonly Func<KernelCommand, FormattedValue, KernelEvent> _event;

    private CellConsole(TextWriter other, Func<KernelCommand, FormattedValue, KernelEvent> createEvent)
    {
        (_other, _event) = (other, createEvent);
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => _other.Encoding;

    internal static void Install()
    {
        if (Interlocked.Exchange(ref _installed, 1) != 0) return;
        Console.SetOut(new CellConsole(Console.Out, (command, value) => new StandardOutputValueProduced(command, [value])));
        Console.SetError(new CellConsole(Console.Error, (command, value) => new StandardErrorValueProduced(command, [value])));
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (KernelInvocationContext.Current is not { } context) _other.Write(value);
        else context.Publish(_event(context.Command, new FormattedValue("text/plain", value)));
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, "\n"));

    public override void Flush() => _other.Flush();
}
