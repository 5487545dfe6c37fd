using System.Text;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

public class MessageWireTests
{
    private readonly List<string> _log = [];

    private MessageWire Wire(string key = "secret") => new(key, _log.Add);

    private static List<byte[]> Message(MessageWire wire) =>
        wire.Write("execute_request", new JsonObject { ["code"] = "1 + 1" }, null, ["client"u8.ToArray()]);

    [Fact]
    public void A_signed_message_is_read()
    {
        var message = Wire().Read(Message(Wire()))!;
        Assert.Equal(("execute_request", "1 + 1", "client"),
            (message.Type, message.TextOf("code"), Encoding.UTF8.GetString(Assert.Single(message.Identities))));
        Assert.Empty(_log);
    }

    [Fact]
    public void The_signature_is_the_protocols()
    {
        byte[][] parts = ["""{"msg_type":"x"}"""u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(), """{"a":1}"""u8.ToArray()];
        // printf '{"msg_type":"x"}{}{}{"a":1}' | openssl dgst -sha256 -hmac secret
        var signature = Convert.ToHexStringLower(
            System.Security.Cryptography.HMACSHA256.HashData("secret"u8, parts.SelectMany(part => part).ToArray()));
        Assert.NotNull(Wire().Read(["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(signature), .. parts]));
    }

    [Theory]
    [InlineData(2, "its signature is wrong")]
    [InlineData(3, "its signature is wrong")]
    [InlineData(6, "its signature is wrong")]
    public void A_message_that_was_changed_is_dropped_and_logged(int frame, string reason)
    {
        var frames = Message(Wire());
        frames[frame] = [.. frames[frame].SkipLast(1), (byte)' '];
        Assert.Null(Wire().Read(frames));
        Assert.Equal($"a message was dropped: {reason}", Assert.Single(_log));
    }

    [Fact]
    public void Another_key_an_empty_signature_and_a_repetition_are_dropped_and_logged()
    {
        Assert.Null(Wire().Read(Message(Wire("other"))));
        var unsigned = Message(Wire());
        unsigned[2] = [];
        Assert.Null(Wire().Read(unsigned));
        var (wire, frames) = (Wire(), Message(Wire()));
        Assert.NotNull(wire.Read(frames));
        Assert.Null(wire.Read(frames));
        Assert.Equal(["a message was dropped: its signature is wrong", "a message was dropped: it is not signed",
            "a message was dropped: it came before"], _log);
    }

    public static TheoryData<byte[]> Broken => new(
        """{"msg_type": "x", "msg_type": "y"}"""u8.ToArray(), """{"msg_type": "x", "a": {"b": 1, "b": 2}}"""u8.ToArray(),
        """{"msg_type": "x", "a": "\ud800"}"""u8.ToArray(), """{"msg_type": "x", "\udc00": 1}"""u8.ToArray(),
        [.. "{\"msg_type\": \""u8, 0xC3, 0x28, .. "\"}"u8], Encoding.UTF8.GetBytes(new string('[', 50_000)),
        Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 200) + new string(']', 200) + "}"));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_header_that_could_not_be_sent_back_is_dropped_and_a_content_is_told(byte[] broken)
    {
        var header = "{\"msg_type\":\"x\"}"u8.ToArray();
        List<byte[]> Frames(byte[] first, byte[] last) => ["<IDS|MSG>"u8.ToArray(), [], first, "{}"u8.ToArray(), "{}"u8.ToArray(), last];
        Assert.Null(Wire("").Read(Frames(broken, "{}"u8.ToArray())));
        Assert.StartsWith("a message was dropped: its header cannot be used: ", Assert.Single(_log));
        var message = Wire("").Read(Frames(header, broken))!;
        Assert.False(string.IsNullOrEmpty(message.Problem));
        Assert.Empty(message.Content);
        Assert.NotEmpty(Wire("").Write("reply", [], message.Header, []));
    }

    [Fact]
    public void Frames_that_are_no_message_are_dropped_and_logged()
    {
        Assert.Null(Wire().Read([]));
        Assert.Null(Wire().Read(["<IDS|MSG>"u8.ToArray()]));
        var wire = Wire("");
        Assert.Null(wire.Read(["<IDS|MSG>"u8.ToArray(), [], "{"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(),
            "{}"u8.ToArray()]));
        Assert.Null(wire.Read(["<IDS|MSG>"u8.ToArray(), [], "[]"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(),
            "7"u8.ToArray()]));
        Assert.Equal(4, _log.Count);
    }
}
