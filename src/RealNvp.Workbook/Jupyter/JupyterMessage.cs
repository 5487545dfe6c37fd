using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Jupyter;

/// <summary>A message from a client, its signature checked.</summary>
/// <param name="Identities">Whom a reply goes to.</param>
/// <param name="Header">The message's header, which every answer carries as its parent.</param>
/// <param name="Content">What it asks; empty where there is a problem with that.</param>
/// <param name="Size">Of its content, in bytes.</param>
/// <param name="Problem">Why its content cannot be used; null where it can.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Content, long Size = 0,
    string? Problem = null)
{
    internal string Type => Text(Header["msg_type"]);

    internal string TextOf(string name) => Text(Content[name]);

    internal int NumberOf(string name) => Content[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    internal bool Is(string name, bool otherwise = false) =>
        Content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
