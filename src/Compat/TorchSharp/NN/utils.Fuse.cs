using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            private static (Tensor scale, Tensor shift) Affine(Tensor mean, Tensor variance, double eps, Tensor? weight,
                Tensor? bias)
            {
                var scale = (variance + eps).rsqrt();
                if (weight is not null) scale = scale * weight;
                var shift = -mean * scale;
                return (scale, bias is null ? shift : shift + bias);
            }

            private static (Parameter, Parameter) Out(Tensor weight, Tensor bias, bool weightGrad, bool biasGrad) =>
                (new(weight.detach().MoveToOuterDisposeScope(), weightGrad),
                    new(bias.detach().MoveToOuterDisposeScope(), biasGrad));

            /// <summary>
            /// The weight and bias of a convolution that is followed by batch normalisation with running statistics.
            /// </summary>
            public static (Parameter weight, Parameter bias) fuse_conv_bn_weights(Tensor conv_w, Tensor? conv_b, Tensor bn_rm,
                Tensor bn_rv, double bn_eps, Tensor? bn_w, Tensor? bn_b, bool transpose = false)
            {
                using var scope = NewDisposeScope();
                var (scale, shift) = Affine(bn_rm, bn_rv, bn_eps, bn_w, bn_b);
                var shape = new long[conv_w.ndim];
                Array.Fill(shape, 1);
                shape[transpose ? 1 : 0] = -1;
                var bias = conv_b is null ? shift : conv_b * scale + shift;
                return Out(conv_w * scale.reshape(shape), bias, conv_w.requires_grad,
                    conv_b?.requires_grad ?? conv_w.requires_grad);
            }

            /// <summary>
            /// The weight and bias of a linear layer that is followed by batch normalisation with running statistics.
            /// </summary>
            public static (Parameter weight, Parameter bias) fuse_linear_bn_weights(Tensor linear_w, Tensor? linear_b,
                Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor bn_w, Tensor bn_b)
            {
                using var scope = NewDisposeScope();
                var (scale, shift) = Affine(bn_rm, bn_rv, bn_eps, bn_w, bn_b);
                var bias = linear_b is null ? shift : linear_b * scale + shift;
                return Out(linear_w * scale.unsqueeze(-1), bias, linear_w.requires_grad,
                    linear_b?.requires_grad ?? linear_w.requires_grad);
            }

            /// <summary>One linear layer for a linear layer and the batch normalisation after it, both in eval mode.</summary>
            /// <exception cref="InvalidOperationException">
            /// One of the two is in training mode, or no statistics are tracked.
            /// </exception>
            public static Linear fuse_linear_bn_eval(Linear linear, BatchNorm bn)
            {
                if (linear.training || bn.training)
                    throw new InvalidOperationException("Fusion only for eval: call eval() on both modules first");
                if (bn.running_mean is null || bn.running_var is null)
                    throw new InvalidOperationException("expected a batch normalisation with running statistics, got one "
                        + "without");
                using var scope = NewDisposeScope();
                var (weight, bias) = fuse_linear_bn_weights(linear.weight, linear.bias, bn.running_mean, bn.running_var, bn.eps,
                    bn.affine ? bn.weight : ones_like(bn.running_mean), bn.bias ?? zeros_like(bn.running_mean));
                var fused = new Linear(weight, bias);
                fused.eval();
                return fused;
            }
        }
    }
}
