using RealNvp.Chapters;
using TorchSharp;

namespace RealNvp.Workbook.ImageModels;

/// <summary>The dtype in which a training run's convolutions compute; likelihoods are float32 either way.</summary>
internal static class ConvolutionPrecision
{
    // Linux's names for the instructions that multiply bfloat16 numbers: x86-64 vectors, x86-64 tiles, 64-bit Arm.
    private static readonly string[] Instructions = ["avx512_bf16", "amx_bf16", "bf16"];

    /// <summary>
    /// Whether a word stands for bfloat16: float32, bfloat16, or auto for bfloat16 under the gpu budget on a GPU.
    /// </summary>
    /// <exception cref="UserException">The word is another.</exception>
    internal static bool IsBFloat16(string word, Budget budget, DeviceType device) => word switch
    {
        "float32" => false,
        "bfloat16" => true,
        "auto" => budget == Budget.Gpu && device == DeviceType.CUDA,
        _ => throw new UserException($"expected a precision float32, bfloat16 or auto, got \"{word}\""),
    };

    /// <summary>What to know of bfloat16 on a CPU without instructions for it; null where there is nothing to say.</summary>
    internal static string? Advice(string? cpuInfo) =>
        cpuInfo is null || Instructions.Any(cpuInfo.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains)
        ? null
        : "this CPU has no instructions for bfloat16 (avx512_bf16, amx_bf16 or Arm's bf16): --precision float32 is faster here";

    /// <summary>What Linux says of this machine's CPU; null elsewhere.</summary>
    internal static string? CpuInfo() => File.Exists("/proc/cpuinfo") ? File.ReadAllText("/proc/cpuinfo") : null;
}
