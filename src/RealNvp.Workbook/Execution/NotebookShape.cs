using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Execution;

/// <summary>What nbformat promises of a notebook's parts, and whoever reads them takes for granted.</summary>
internal static class NotebookShape
{
    /// <summary>Metadata, attachments and outputs are what they are called in the format.</summary>
    /// <exception cref="UserException">One is of another kind; the message names the cell.</exception>
    internal static void Require(string path, JsonObject notebook, IEnumerable<JsonObject> cells)
    {
        RequireObject(path, "the notebook", notebook, "metadata");
        foreach (var (cell, number) in cells.Select((cell, at) => (cell, at + 1)))
        {
            var place = $"cell {number}";
            RequireObject(path, place, cell, "metadata");
            RequireObject(path, place, cell, "attachments");
            if (cell["outputs"] is { } outputs && (outputs is not JsonArray list || list.Any(output => output is not JsonObject)))
                throw new UserException($"{path}: {place} has outputs that are not a list of objects");
        }
    }

    private static void RequireObject(string path, string place, JsonObject owner, string name)
    {
        if (owner[name] is { } part and not JsonObject)
            throw new UserException($"{path}: {place} has {name} that are {Kind(part)}, expected is an object");
    }

    private static string Kind(JsonNode node) =>
        node is JsonArray ? "a list" : $"a {node.GetValueKind().ToString().ToLowerInvariant()}";
}
