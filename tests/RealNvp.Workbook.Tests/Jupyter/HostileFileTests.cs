using System.Security.Cryptography;
using System.Text;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>Connection files and messages as nobody should send them.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Connection = """
        {"ip": "127.0.0.1", "transport": "tcp", "key": "abc", "signature_scheme": "hmac-sha256", "shell_port": 5001,
         "control_port": 5002, "stdin_port": 5003, "iopub_port": 5004, "hb_port": 5005, "kernel_name": "x"}
        """;

    private static readonly string[] Parts =
    [
        """{"msg_id": "1", "session": "s", "username": "u", "date": "2026", "msg_type": "execute_request", "version": "5.3"}""",
        "{}", "{}", """{"code": "1 + 1", "silent": false, "cursor_pos": 3, "user_expressions": {}}""",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_connection_file_that_is_no_plain_file_or_too_long_is_refused()
    {
        Assert.Contains("a folder", Assert.Throws<UserException>(() => ConnectionFile.Read(_folder.Path)).Message);
        var large = _folder.Write("large.json", "{");
        using (var file = File.OpenWrite(large)) file.SetLength(1L << 31);
        Assert.Contains("2,147,483,648 bytes", Assert.Throws<UserException>(() => ConnectionFile.Read(large)).Message);
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes are files");
        var pipe = Pipe.At(_folder["pipe.json"]);
        Pipe.NotAwaited(() => Assert.Contains("a pipe", Assert.Throws<UserException>(() => ConnectionFile.Read(pipe)).Message));
    }

    [Fact]
    public void A_connection_files_words_come_out_short_and_plain()
    {
        var path = _folder.Write("c.json", Connection.Replace("hmac-sha256", "\\u001b[2J" + new string('x', 500_000)));
        var message = Assert.Throws<UserException>(() => ConnectionFile.Read(path)).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Replace(path, "").Length, 10, 400);
    }

    [Fact]
    public void Damaged_connection_files() => Fuzz.Run("c.json", 3000, mutator => mutator.Damaged(Connection),
        path => ConnectionFile.Read(path), error => error is UserException);

    /// <summary>Signed with the right key: who has none gets no further.</summary>
    [Fact]
    public void Damaged_messages() => Fuzz.Run("message", 3000,
        mutator => Encoding.Latin1.GetBytes(string.Join('\u0001', Parts.Select((part, k) =>
            Encoding.Latin1.GetString(k == mutator.Below(4) ? mutator.Damaged(part) : Encoding.UTF8.GetBytes(part))))),
        path =>
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
            byte[][] parts = [.. text.Split('\u0001').Select(Encoding.Latin1.GetBytes)];
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData("key"u8, parts.SelectMany(part => part).ToArray()));
            new MessageWire("key", line => Assert.InRange(line.Length, 1, 1000))
                .Read(["client"u8.ToArray(), "<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(signature), .. parts]);
        }, error => false);
}
