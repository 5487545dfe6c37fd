using System.Text.Json;

namespace RealNvp.Flows.Training;

/// <summary>Reads a file's description of its model, token by token: what a model here does not have takes no memory.</summary>
internal static class SavedArchitecture
{
    /// <param name="json">The description.</param>
    /// <param name="here">A model's own.</param>
    /// <returns>Of the file's description what this model has, too, and the first module that it has not, in words.</returns>
    /// <exception cref="JsonException">It is no JSON object of objects of texts.</exception>
    /// <exception cref="InvalidOperationException">A text of it is none.</exception>
    internal static (Dictionary<string, Dictionary<string, string>> Shared, string? Extra) Read(string json,
        Dictionary<string, Dictionary<string, string>> here)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        var shared = new Dictionary<string, Dictionary<string, string>>();
        string? extra = null;
        reader.Read();
        Require(reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.StartObject);
            var settings = Settings(ref reader, here.GetValueOrDefault(name));
            if (here.ContainsKey(name)) shared[name] = settings;
            else
                extra ??= Architecture.Named(Shown.Text(name, 100),
                    settings.ToDictionary(s => s.Key, s => Shown.Text(s.Value, 100)));
        }
        reader.Read();   // throws where something follows
        return (shared, extra);
    }

    private static Dictionary<string, string> Settings(ref Utf8JsonReader reader, Dictionary<string, string>? wanted)
    {
        var settings = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String);
            if (name == Architecture.TypeKey || wanted?.ContainsKey(name) == true) settings[name] = reader.GetString()!;
        }
        return settings;
    }

    private static void Require(bool holds)
    {
        if (!holds) throw new JsonException("an object of objects of texts is expected");
    }
}
