using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// In which precision a model's convolutions compute. Parameters, norms, log-determinants and likelihoods stay in float32.
/// </summary>
public static class Precision
{
    /// <summary>Convolutions in bfloat16 (8 bits of mantissa, float32's range) until what is returned is disposed.</summary>
    public static IDisposable BFloat16(nn.Module model) => new Setting(model, bfloat16: true);

    /// <summary>Convolutions in the parameters' own dtype until what is returned is disposed.</summary>
    public static IDisposable Float32(nn.Module model) => new Setting(model, bfloat16: false);

    private sealed class Setting : IDisposable
    {
        private readonly List<(WeightNormConv2d Convolution, bool Before)> set = [];

        internal Setting(nn.Module model, bool bfloat16)
        {
            foreach (var convolution in model.modules().OfType<WeightNormConv2d>())
            {
                set.Add((convolution, convolution.InBFloat16));
                convolution.InBFloat16 = bfloat16;
            }
        }

        public void Dispose()
        {
            foreach (var (convolution, before) in set) convolution.InBFloat16 = before;
        }
    }
}
