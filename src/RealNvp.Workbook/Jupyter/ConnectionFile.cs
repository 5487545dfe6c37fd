using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Where and with which key a kernel talks, as Jupyter writes it into a file for it.</summary>
internal sealed record ConnectionFile(
    [property: JsonPropertyName("ip")] string Ip,
    [property: JsonPropertyName("transport")] string Transport,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("signature_scheme")] string SignatureScheme,
    [property: JsonPropertyName("shell_port")] int ShellPort,
    [property: JsonPropertyName("control_port")] int ControlPort,
    [property: JsonPropertyName("stdin_port")] int StdinPort,
    [property: JsonPropertyName("iopub_port")] int IOPubPort,
    [property: JsonPropertyName("hb_port")] int HeartbeatPort)
{
    internal static ConnectionFile Read(string path)
    {
        try
        {
            var connection = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path));
            if (connection is not { Ip.Length: > 0, Transport: "tcp" or "ipc", Key: not null })
                throw new UserException($"{path}: a Jupyter connection file with ip, transport (tcp or ipc) and key is expected");
            if (connection.Key.Length > 0 && connection.SignatureScheme is not "hmac-sha256")
                throw new UserException($"{path}: the signature scheme hmac-sha256 is expected, not {connection.SignatureScheme}");
            return connection;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the connection file cannot be read: {e.Message}", e);
        }
    }

    internal string Endpoint(int port) => Transport == "tcp" ? $"tcp://{Ip}:{port}" : $"ipc://{Ip}-{port}";
}
