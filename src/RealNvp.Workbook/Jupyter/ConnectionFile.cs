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
    private const long MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="UserException">It cannot be read, says something twice, or is not one that this kernel can
    /// use.</exception>
    internal static ConnectionFile Read(string path)
    {
        try
        {
            var connection = JsonSerializer.Deserialize<ConnectionFile>(PlainFile.ReadText(path, MostBytes), Strict);
            if (connection is not { Ip.Length: > 0, Transport: "tcp", Key: not null })
                throw new UserException($"{path}: a Jupyter connection file with ip, transport tcp and key is expected");
            if (connection.Key.Length > 0 && connection.SignatureScheme is not "hmac-sha256")
                throw new UserException($"{path}: the signature scheme hmac-sha256 is expected, not "
                    + Shown.Text(connection.SignatureScheme));
            foreach (var port in (int[])[connection.ShellPort, connection.ControlPort, connection.StdinPort, connection.IOPubPort,
                connection.HeartbeatPort])
                if (port is < 1 or > 65535) throw new UserException($"{path}: ports from 1 to 65535 are expected, not {port}");
            return connection;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the connection file cannot be read: {Shown.Text(e.Message)}", e);
        }
    }

    internal string Endpoint(int port) => $"tcp://{Ip}:{port}";
}
