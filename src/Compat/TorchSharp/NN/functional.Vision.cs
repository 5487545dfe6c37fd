using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static string Name(PaddingModes mode) => mode switch
            {
                PaddingModes.Zeros or PaddingModes.Constant => "constant",
                PaddingModes.Reflect => "reflect",
                PaddingModes.Replicate => "replicate",
                PaddingModes.Circular => "circular",
                _ => throw new ArgumentOutOfRangeException(nameof(mode), $"expected a padding mode, got {mode}"),
            };

            /// <summary>Pads the last dimensions, last first: (left, right), (left, right, top, bottom), ...</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode is PaddingModes.Constant or PaddingModes.Zeros ? Aten.ConstantPadNd.Run(input, pad, value)
                    : Aten.Pad.Run(input, pad, Name(mode));

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>The last dimension, by the same amount on both sides.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad, pad], mode, value);

            /// <summary>[N, C r^2, H, W] -> [N, C, H r, W r]</summary>
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) =>
                Aten.PixelShuffle.Run(input, upscale_factor);

            /// <summary>[N, C, H r, W r] -> [N, C r^2, H, W]</summary>
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) =>
                Aten.PixelUnshuffle.Run(input, downscale_factor);

            /// <summary>
            /// theta [N, 2, 3] and size [N, C, H, W] -> the sampling grid [N, H, W, 2]; [N, 3, 4] and five sizes in three
            /// dimensions.
            /// </summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false)
            {
                ArgumentNullException.ThrowIfNull(size);
                return Aten.AffineGridGenerator.Run(theta, size, align_corners);
            }

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Aten.GridSampler.Run(input, grid, mode == GridSampleMode.Nearest ? 1L : 0L, Code(padding_mode),
                    align_corners ?? false);

            // libtorch numbers them zeros, border, reflection.
            private static long Code(GridSamplePaddingMode mode) => mode switch
            {
                GridSamplePaddingMode.Zeros => 0,
                GridSamplePaddingMode.Border => 1,
                _ => 2,
            };

            /// <summary>Resizes the last dimensions of x [N, C, ...] to a size or by factors.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is null == scale_factor is null)
                    throw new ArgumentException("expected a size or a scale_factor, got " + (size is null ? "neither" : "both"));
                var dimensions = (int)x.ndim - 2;
                if (dimensions is < 1 or > 3) throw new ArgumentException($"expected an input of 3 to 5 dimensions, got {x.ndim}",
                    nameof(x));
                if ((size?.Length ?? scale_factor!.Length) != dimensions)
                    throw new ArgumentException($"expected {dimensions} sizes or factors for an input of {x.ndim} dimensions, "
                        + $"got {size?.Length ?? scale_factor!.Length}");
                if (recompute_scale_factor && scale_factor is not null)
                {
                    var shape = x.shape;
                    size = [.. scale_factor.Select((s, k) => (long)Math.Floor(shape[k + 2] * s))];
                    scale_factor = null;
                }
                var align = align_corners ?? false;
                return (mode, dimensions, antialias) switch
                {
                    (InterpolationMode.Nearest, 1, false) => Aten.UpsampleNearest1dVec.Run(x, size, scale_factor),
                    (InterpolationMode.Nearest, 2, false) => Aten.UpsampleNearest2dVec.Run(x, size, scale_factor),
                    (InterpolationMode.Nearest, 3, false) => Aten.UpsampleNearest3dVec.Run(x, size, scale_factor),
                    (InterpolationMode.NearestExact, 1, false) => Aten.UpsampleNearestExact1dVec.Run(x, size, scale_factor),
                    (InterpolationMode.NearestExact, 2, false) => Aten.UpsampleNearestExact2dVec.Run(x, size, scale_factor),
                    (InterpolationMode.NearestExact, 3, false) => Aten.UpsampleNearestExact3dVec.Run(x, size, scale_factor),
                    (InterpolationMode.Linear, 1, false) => Aten.UpsampleLinear1dVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Bilinear, 2, false) => Aten.UpsampleBilinear2dVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Bilinear, 2, true) => Aten.UpsampleBilinear2dAaVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Bicubic, 2, false) => Aten.UpsampleBicubic2dVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Bicubic, 2, true) => Aten.UpsampleBicubic2dAaVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Trilinear, 3, false) => Aten.UpsampleTrilinear3dVec.Run(x, size, align, scale_factor),
                    (InterpolationMode.Area, 2, false) => adaptive_avg_pool2d(x, size ?? Scaled(x, scale_factor!)),
                    _ => throw new ArgumentException($"no interpolation of mode {mode} for an input of {x.ndim} "
                        + $"dimensions{(antialias ? " with antialias" : "")}", nameof(mode)),
                };
            }

            private static long[] Scaled(Tensor x, double[] factors)
            {
                var shape = x.shape;
                return [.. factors.Select((s, k) => (long)Math.Floor(shape[k + 2] * s))];
            }
        }
    }

    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public enum GridSampleMode
    {
        Nearest = 0,
        Bilinear = 2,
    }

    public enum GridSamplePaddingMode
    {
        Zeros = 0,
        Reflection = 1,
        Border = 2,
    }
}

public enum PaddingModes
{
    Zeros = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
    Constant = 4,
}

public enum Padding
{
    Valid = 0,
    Same = 1,
}
