namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>Derivatives of functions.</summary>
        public static class functional
        {
            /// <summary>J[..., ...] = d output[...] / d input[...], one reverse pass an output element; shape: output's, then input's.</summary>
            public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs) => Rows(function(Leaf(inputs, out var leaf)), [leaf])[0];

            public static IEnumerable<Tensor> jacobian(Func<Tensor, Tensor[]> function, Tensor inputs)
            {
                var outputs = function(Leaf(inputs, out var leaf));
                return outputs.Select(output => Rows(output, [leaf])[0]).ToList();
            }

            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs)
            {
                var leaves = Array.ConvertAll(inputs, t => Leaf(t, out _));
                return Rows(function(leaves), leaves);
            }

            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor[]> function, params Tensor[] inputs)
            {
                var leaves = Array.ConvertAll(inputs, t => Leaf(t, out _));
                return function(leaves).SelectMany(output => Rows(output, leaves)).ToList();
            }

            private static Tensor Leaf(Tensor input, out Tensor leaf)
            {
                using var detached = input.detach();
                return leaf = detached.clone().requires_grad_();
            }

            private static Tensor[] Rows(Tensor output, Tensor[] leaves)
            {
                using var scope = NewDisposeScope();
                var flat = output.reshape(-1);
                var count = flat.numel();
                var rows = leaves.Select(_ => new Tensor[count]).ToArray();
                for (var k = 0L; k < count; k++)
                {
                    var grads = flat.requires_grad
                        ? grad([flat[k]], leaves, retain_graph: true, allow_unused: true)
                        : Array.ConvertAll(leaves, t => t.zeros_like());
                    for (var n = 0; n < leaves.Length; n++) rows[n][k] = grads[n].IsInvalid ? leaves[n].zeros_like() : grads[n];
                }
                var result = new Tensor[leaves.Length];
                for (var n = 0; n < leaves.Length; n++)
                {
                    long[] shape = [.. output.shape, .. leaves[n].shape];
                    result[n] = (count == 0 ? leaves[n].new_zeros(shape) : stack(rows[n]).view(shape)).MoveToOuterDisposeScope();
                }
                return result;
            }
        }
    }
}
