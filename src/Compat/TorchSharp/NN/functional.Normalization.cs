using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>(x - mean) / sqrt(variance + eps) * weight + bias, over all dimensions but the second.</summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null,
                Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1E-05) =>
                Aten.BatchNorm.Run(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null,
                double eps = 1E-05) =>
                Aten.LayerNorm.Run(input, normalized_shape, weight, bias, eps);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null,
                double eps = 1E-05) =>
                Aten.GroupNorm.Run(input, num_groups, weight, bias, eps);

            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null,
                Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1,
                double eps = 1E-05) =>
                Aten.InstanceNorm.Run(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
        }
    }
}
