using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>x Phi(x), by the error function or by its tanh approximation (Hendrycks and Gimpel 2016).</summary>
        public Tensor gelu(GELU.Approximate approximate) => Aten.Gelu.Run(this, approximate.ToString());

        public Tensor gelu_(GELU.Approximate approximate) => Aten.Gelu_.InPlace(this, approximate.ToString());
    }
}
