using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>
            /// Scales all gradients by min(1, max_norm / (norm + 1e-6)) and returns the norm from before, taken over all of them
            /// together.
            /// </summary>
            public static unsafe double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                var parameters = tensors as Parameter[] ?? [.. tensors];
                if (norm_type == 2)
                {
                    var handles = new nint[parameters.Length];
                    for (var k = 0; k < handles.Length; k++) handles[k] = parameters[k].Handle;
                    double norm;
                    byte done;
                    fixed (nint* p = handles)
                        NativeMethods.Check(NativeMethods.td_clip_grad_norm(p, handles.Length, max_norm, &norm, &done),
                            nameof(clip_grad_norm_));
                    GC.KeepAlive(parameters);
                    if (done != 0) return norm;
                }
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(parameters);
                if (gradients.Length == 0) return 0;
                var total = torch.stack(gradients.Select(g => Aten.LinalgVectorNorm.Run(g, norm_type).to(gradients[0].device)));
                var all = Aten.LinalgVectorNorm.Run(total, norm_type).ToDouble();
                var by = max_norm / (all + 1e-6);
                if (!(by > 1))
                    foreach (var g in gradients) g.mul_(by);
                return all;
            }

            /// <summary>Clamps every element of the gradients to [-clip_value, clip_value].</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                foreach (var g in Gradients(tensors)) g.clamp_(-clip_value, clip_value);
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                [.. parameters.Select(p => p.grad).OfType<Tensor>()];

            /// <summary>All parameters, flattened, in one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return torch.cat(tensors.Select(p => p.reshape(-1)).ToArray()).MoveToOuterDisposeScope();
            }

            /// <summary>Writes the elements of a vector into the parameters, in order, outside of autograd.</summary>
            /// <exception cref="ArgumentException">The vector's length is not the number of the parameters' elements.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                Parameter[] parameters = [.. tensors];
                var count = parameters.Sum(p => p.numel());
                if (vec.ndim != 1 || vec.numel() != count)
                    throw new ArgumentException($"expected a vector of {count} elements, got [{string.Join(", ", vec.shape)}]",
                        nameof(vec));
                using var off = new NoGrad();
                using var scope = NewDisposeScope();
                long at = 0;
                foreach (var p in parameters)
                {
                    p.copy_(vec.narrow(0, at, p.numel()).view_as(p));
                    at += p.numel();
                }
            }
        }
    }
}
