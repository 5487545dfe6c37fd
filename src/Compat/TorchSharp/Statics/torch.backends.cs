using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches of the libraries under libtorch.</summary>
    public static class backends
    {
        public static class cuda
        {
            public static void enable_flash_sdp(bool enable) => NativeMethods.td_set_switch(Switch.FlashAttention, enable ? (byte)1 : (byte)0);
            public static void enable_math_sdp(bool enable) => NativeMethods.td_set_switch(Switch.MathAttention, enable ? (byte)1 : (byte)0);
            public static bool flash_sdp_enabled() => NativeMethods.td_switch(Switch.FlashAttention) != 0;
            public static bool math_sdp_enabled() => NativeMethods.td_switch(Switch.MathAttention) != 0;

            public static class matmul
            {
                /// <summary>Whether float32 products on CUDA may round their factors to ten bits of fraction.</summary>
                public static bool allow_tf32
                {
                    get => NativeMethods.td_switch(Switch.MatmulTf32) != 0;
                    set => NativeMethods.td_set_switch(Switch.MatmulTf32, value ? (byte)1 : (byte)0);
                }

                public static bool allow_fp16_reduced_precision_reduction
                {
                    get => NativeMethods.td_switch(Switch.HalfReduction) != 0;
                    set => NativeMethods.td_set_switch(Switch.HalfReduction, value ? (byte)1 : (byte)0);
                }
            }
        }

        public static class cudnn
        {
            /// <summary>Whether float32 convolutions on CUDA may round to ten bits of fraction.</summary>
            public static bool allow_tf32
            {
                get => NativeMethods.td_switch(Switch.CudnnTf32) != 0;
                set => NativeMethods.td_set_switch(Switch.CudnnTf32, value ? (byte)1 : (byte)0);
            }
        }
    }
}
