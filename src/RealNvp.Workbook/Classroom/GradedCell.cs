using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>What a cell is to the grader; nbgrader's three flags, named.</summary>
internal enum CellRole
{
    /// <summary>No cell of the assignment: a student's own.</summary>
    None,

    /// <summary>Given and not to be changed.</summary>
    ReadOnly,

    /// <summary>To be filled in; test cells grade it.</summary>
    Answer,

    /// <summary>Grades what was filled in before it.</summary>
    Test,

    /// <summary>To be filled in, and graded by the teacher.</summary>
    Manual,

    /// <summary>A task in words, graded by the teacher by what the student adds anywhere.</summary>
    Task,
}

/// <summary>A cell with nbgrader's metadata, schema 3 (nbgrader's documentation, "cell metadata").</summary>
internal sealed partial class GradedCell
{
    private static readonly string[] Keys =
        ["schema_version", "grade", "grade_id", "locked", "solution", "task", "points", "checksum", "cell_type"];

    private GradedCell(NotebookCell cell, JsonObject? data) => (Cell, Data) = (cell, data);

    internal NotebookCell Cell { get; }

    internal JsonObject? Data { get; }

    internal string Id => NotebookFile.Text(Data?["grade_id"]);

    internal double Points => Data?["points"] is JsonValue value && value.TryGetValue<double>(out var points) ? points : 0;

    internal CellRole Role => Data is null ? CellRole.None
        : Flag("task") ? CellRole.Task
        : Flag("grade") && Flag("solution") ? CellRole.Manual
        : Flag("grade") ? CellRole.Test
        : Flag("solution") ? CellRole.Answer
        : Flag("locked") ? CellRole.ReadOnly
        : CellRole.None;

    internal static GradedCell Of(NotebookCell cell) =>
        new(cell, (cell.Json["metadata"] as JsonObject)?["nbgrader"] as JsonObject);

    /// <summary>Where the metadata break the schema's rules, in words.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Data is null) yield break;
        if (NotebookFile.Number(Data["schema_version"]) != 3)
            yield return $"schema_version: expected 3, got {Data["schema_version"]?.ToJsonString() ?? "nothing"}";
        foreach (var flag in new[] { "grade", "locked", "solution" })
            if (!IsFlag(flag)) yield return $"{flag}: expected true or false, got {Data[flag]?.ToJsonString() ?? "nothing"}";
        if (Data.ContainsKey("task") && !IsFlag("task"))
            yield return $"task: expected true or false, got {Data["task"]?.ToJsonString()}";
        if (!Identifier().IsMatch(Id)) yield return $"grade_id: expected letters, digits, - and _, got '{Id}'";
        if ((Flag("grade") || Flag("task")) && !(Points >= 0 && Data["points"] is JsonValue))
            yield return $"points: expected a number of at least 0, got {Data["points"]?.ToJsonString() ?? "nothing"}";
        if (Flag("task") && (Flag("grade") || Flag("solution")))
            yield return "task: a task is neither graded by itself nor a solution";
        if (Cell.Type == "markdown" && Flag("grade") != Flag("solution"))
            yield return "a markdown cell is graded by hand: grade and solution go together";
        if (Data["cell_type"] is { } type && NotebookFile.Text(type) != Cell.Type)
            yield return $"cell_type: expected {Cell.Type}, got {type.ToJsonString()}";
        foreach (var (key, _) in Data)
            if (!Keys.Contains(key)) yield return $"unknown key {key}";
    }

    /// <summary>
    /// nbgrader's checksum: MD5 over the source, the type, the flags as Python writes them, the id and the points.
    /// </summary>
    internal string Checksum(string source)
    {
        var text = new StringBuilder(source).Append(Cell.Type).Append(Python(Flag("grade"))).Append(Python(Flag("solution")))
            .Append(Python(Flag("locked"))).Append(Id);
        if (Flag("grade"))
            text.Append(Points % 1 == 0 ? Points.ToString("0.0", CultureInfo.InvariantCulture)
                : Points.ToString("R", CultureInfo.InvariantCulture));
        // The published format asks for MD5; nothing's safety rests on it.
#pragma warning disable CA5351
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5351
    }

    private bool Flag(string name) => Data?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private bool IsFlag(string name) => Data![name] is JsonValue value && value.TryGetValue<bool>(out _);

    private static string Python(bool value) => value ? "True" : "False";

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex Identifier();
}
