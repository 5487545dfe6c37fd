using static TorchSharp.torch;

namespace RealNvp.Workbook.ImageModels;

internal static class Devices
{
    /// <summary>The device of a word: cpu, cuda, or auto for a GPU where libtorch can use one.</summary>
    /// <exception cref="UserException">The word is another, or there is no GPU that libtorch can use.</exception>
    internal static Device Of(string word) => word switch
    {
        "cpu" => CPU,
        "auto" => cuda.is_available() ? CUDA : CPU,
        "cuda" => cuda.is_available() ? CUDA : throw new UserException("--device cuda needs a GPU that this libtorch can use, "
            + "found none (./workbook doctor says more); use --device cpu"),
        _ => throw new UserException($"expected a device cpu, cuda or auto, got \"{word}\""),
    };
}
