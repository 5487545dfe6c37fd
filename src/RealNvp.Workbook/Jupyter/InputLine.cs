using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Asks the client for a line that its user types, and brings the answer to the cell.</summary>
internal sealed class InputLine(KernelSockets sockets, MessageWire wire, Action<InputGiven> give)
{
    private volatile InputAsked? _open;

    internal void Ask(InputAsked asked, JupyterMessage execute)
    {
        if (!execute.Is("allow_stdin"))
        {
            give(new InputGiven(asked.Id, null, $"nobody can answer '{asked.Prompt}': this client takes no input"));
            return;
        }
        _open = asked;
        sockets.Send(KernelSocket.Stdin, wire.Write("input_request",
            new JsonObject { ["prompt"] = asked.Prompt, ["password"] = asked.IsPassword }, execute.Header, execute.Identities));
    }

    /// <summary>Takes what was typed; where no cell waits for it any more, it is dropped.</summary>
    internal void Receive(JupyterMessage message)
    {
        if (message.Type == "input_reply" && Interlocked.Exchange(ref _open, null) is { } asked)
            give(new InputGiven(asked.Id, message.TextOf("value"), null));
    }

    /// <summary>The cell that asked has ended.</summary>
    internal void Forget() => _open = null;
}
