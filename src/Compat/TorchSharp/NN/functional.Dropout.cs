using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static Tensor Drop(Op op, Op inPlace, Tensor input, double p, bool training, bool inplace)
            {
                if (p is < 0 or > 1) throw new ArgumentOutOfRangeException(nameof(p),
                    $"expected a probability from 0 to 1, got {p}");
                return inplace ? InPlace(inPlace, input, p, training) : op.Run(input, p, training);
            }

            /// <summary>Zeroes elements with probability p and divides the others by 1 - p.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Drop(Aten.Dropout, Aten.Dropout_, input, p, training, inplace);

            /// <summary>Drops whole channels of x [N, C, H, W].</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Drop(Aten.FeatureDropout, Aten.FeatureDropout_, input, p, training, inplace);

            /// <summary>Drops to the saturation value of SELU and keeps mean and variance (Klambauer et al. 2017).</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                Drop(Aten.AlphaDropout, Aten.AlphaDropout_, input, p, training, inplace);
        }
    }
}
