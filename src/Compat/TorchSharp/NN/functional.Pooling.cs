using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // No stride means the kernel's size.
            private static long[] OrEmpty(long? given) => given is { } n ? [n, n] : [];
            private static long[] OrEmpty((long, long)? given) => given is var (a, b) ? [a, b] : [];

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Aten.AdaptiveAvgPool2d.Run(input, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                adaptive_avg_pool2d(input, Both(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                adaptive_avg_pool2d(input, Twice(output_size));

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Aten.AvgPool2d.Run(input, kernel_size, stride ?? [], padding ?? [0, 0], ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Twice(kernel_size), OrEmpty(stride), Twice(padding), ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                avg_pool2d(input, Both(kernel_size), OrEmpty(stride), Both(padding), ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Aten.MaxPool2d.Run(input, kernel_size, strides ?? [], padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Twice(kernel_size), OrEmpty(stride), Twice(padding ?? 0), Twice(dilation ?? 1), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Both(kernel_size), OrEmpty(stride), Both(padding), Both(dilation, 1), ceil_mode);
        }
    }
}
