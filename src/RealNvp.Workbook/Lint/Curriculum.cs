namespace RealNvp.Workbook.Lint;

/// <summary>
/// The statements that the workbook teaches: the ids that a cell's metadata names under `covers`, and their chapters.
/// </summary>
internal static class Curriculum
{
    /// <summary>Statement id to the numbers of the chapters that may cover it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Statements { get; } =
        new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal)
        {
            ["10.1"] = [1],
            ["10.2"] = [1],
            ["10.3"] = [2],
            ["10.4"] = [2],
            ["10.5"] = [3],
            ["10.6"] = [3],
            ["10.7"] = [3],
            ["10.8"] = [3],
            ["10.9"] = [3],
            ["10.10"] = [3],
            ["10.11"] = [4],
            ["10.12"] = [4],
            ["10.13"] = [4],
            ["10.14"] = [5],
            ["10.15"] = [5],
            ["10.16"] = [5],
            ["10.17"] = [5],
            ["10.18"] = [5],
            ["10.19"] = [6],
            ["10.20"] = [6],
            ["10.21"] = [6],
            ["10.22"] = [7],
            ["10.23"] = [7],
            ["10.24"] = [7],
            ["10.25"] = [7],
            ["10.26"] = [7],
            ["10.27"] = [8],
            ["10.28"] = [8],
            ["10.29"] = [9],
            ["10.30"] = [9],
            ["10.31"] = [9],
            ["10.32"] = [9],
            ["10.33"] = [11],
            ["10.34"] = [14],
            ["000.a"] = [8],
            ["000.b"] = [8],
            ["002.a"] = [6],
            ["002.b"] = [12],
            ["002.c"] = [13],
            ["003.a"] = [8, 15],
            ["003.b"] = [15],
            ["003.c"] = [12],
            ["003.d"] = [16],
            ["004.a"] = [9],
            ["004.b"] = [9],
            ["004.c"] = [9],
            ["004.d"] = [9],
            ["004.e"] = [10],
            ["B.8"] = [16],
            ["B.9"] = [16],
            ["B.10"] = [16],
            ["B.11"] = [16],
        };
}
