using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Asks the client for a line that its user types.</summary>
internal sealed class InputLine(ZmqSocket socket, MessageWire wire)
{
    /// <exception cref="OperationCanceledException">The cell was interrupted while it waited.</exception>
    internal string Ask(string prompt, bool password, JupyterMessage execute, CancellationToken cancellationToken)
    {
        while (socket.Receive(wait: false) is not null)
        {
            // An answer to an older question, from a cell that no longer waits.
        }
        socket.Send(wire.Write("input_request", new JsonObject { ["prompt"] = prompt, ["password"] = password }, execute.Header, execute.Identities));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (socket.Receive() is { } frames && wire.Read(frames) is { Type: "input_reply" } reply) return reply.TextOf("value");
        }
    }
}
