using static TorchSharp.torch;

namespace RealNvp.Chapters;

/// <summary>
/// How much work a chapter may do: `quick` (continuous integration, a first look), `full` (better fits, longer) or `gpu` (models
/// that want one). The environment variable WORKBOOK_BUDGET decides; without it, quick.
/// </summary>
public sealed record Budget
{
    /// <summary>Seconds a chapter: still reaches the chapter's point.</summary>
    public static readonly Budget Quick = new("quick");
    /// <summary>Minutes a chapter, on a CPU.</summary>
    public static readonly Budget Full = new("full");
    /// <summary>Larger models, on a GPU.</summary>
    public static readonly Budget Gpu = new("gpu");

    private const string Variable = "WORKBOOK_BUDGET";

    private Budget(string name) => Name = name;

    /// <summary>quick, full or gpu.</summary>
    public string Name { get; }

    /// <summary>The budget of this process.</summary>
    /// <exception cref="ArgumentException">WORKBOOK_BUDGET names none.</exception>
    public static Budget Current => Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The budget of that name; quick for null or an empty text.</summary>
    /// <exception cref="ArgumentException">The text names none.</exception>
    public static Budget Parse(string? name) => name switch
    {
        null or "" or "quick" => Quick,
        "full" => Full,
        "gpu" => Gpu,
        _ => throw new ArgumentException($"expected a budget quick, full or gpu, got \"{name}\"; set {Variable} to one of them"),
    };

    /// <summary>The CPU, or the first GPU under the gpu budget.</summary>
    /// <exception cref="InvalidOperationException">The gpu budget, and no GPU that this libtorch can use.</exception>
    public Device Device()
    {
        if (this != Gpu) return CPU;
        return cuda.is_available() ? CUDA : throw new InvalidOperationException(
            "the budget gpu needs a GPU that this libtorch can use, found none (./workbook doctor says more); run with the "
            + "budget full instead");
    }

    /// <summary>The value that goes with the budget.</summary>
    public T Choose<T>(T quick, T full, T gpu) => this == Quick ? quick : this == Full ? full : gpu;

    /// <summary>The value that goes with the budget, gpu taking what full does.</summary>
    public T Choose<T>(T quick, T full) => Choose(quick, full, full);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
