using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static long[] One(long? given, long otherwise) => [given ?? otherwise];

            private static long[] Many(long[]? given, long otherwise, int dimensions)
            {
                if (given is not null) return given;
                var same = new long[dimensions];
                Array.Fill(same, otherwise);
                return same;
            }

            private static string Name(Padding padding) => padding == Padding.Same ? "same" : "valid";

            /// <summary>x [N, C, L], weight [out, C / groups, K]</summary>
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null,
                long? padding = null, long? dilation = null, long groups = 1) =>
                Aten.Conv1d.Run(input, weight, bias, One(stride, 1), One(padding, 0), One(dilation, 1), groups);

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null,
                Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                Aten.Conv1dPadding.Run(input, weight, bias, One(stride, 1), Name(padding), One(dilation, 1), groups);

            /// <summary>x [N, C, H, W], weight [out, C / groups, KH, KW]</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null,
                long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Conv2d.Run(input, weight, bias, Many(strides, 1, 2), Many(padding, 0, 2), Many(dilation, 1, 2), groups);

            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null,
                Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Aten.Conv2dPadding.Run(input, weight, bias, Many(strides, 1, 2), Name(padding), Many(dilation, 1, 2), groups);

            /// <summary>x [N, C, D, H, W], weight [out, C / groups, KD, KH, KW]</summary>
            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null,
                long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Conv3d.Run(input, weight, bias, Many(strides, 1, 3), Many(padding, 0, 3), Many(dilation, 1, 3), groups);

            /// <summary>x [N, C, L], weight [C, out / groups, K]</summary>
            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null,
                long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                Aten.ConvTranspose1d.Run(input, weight, bias, One(stride, 1), One(padding, 0), One(output_padding, 0), groups,
                    One(dilation, 1));

            /// <summary>x [N, C, H, W], weight [C, out / groups, KH, KW]</summary>
            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null,
                long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.ConvTranspose2dInput.Run(input, weight, bias, Many(strides, 1, 2), Many(padding, 0, 2),
                    Many(output_padding, 0, 2), groups, Many(dilation, 1, 2));

            /// <summary>Patches of x [N, C, H, W] as columns [N, C KH KW, L].</summary>
            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Aten.Im2col.Run(input, Twice(kernel_size), Twice(dilation), Twice(padding), Twice(stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Im2col.Run(input, Both(kernel_size), Both(dilation, 1), Both(padding, 0), Both(stride, 1));

            /// <summary>Columns [N, C KH KW, L] summed back into an image [N, C, H, W].</summary>
            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0,
                long stride = 1) =>
                Aten.Col2im.Run(input, Twice(output_size), Twice(kernel_size), Twice(dilation), Twice(padding), Twice(stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size,
                (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Col2im.Run(input, Both(output_size), Both(kernel_size), Both(dilation, 1), Both(padding, 0),
                    Both(stride, 1));

            private static long[] Twice(long n) => [n, n];

            private static long[] Both((long, long)? given, long otherwise = 0) =>
                given is var (a, b) ? [a, b] : [otherwise, otherwise];
        }
    }
}
