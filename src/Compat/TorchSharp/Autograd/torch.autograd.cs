using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Reverse-mode differentiation.</summary>
    public static partial class autograd
    {
        /// <summary>Adds d(tensors)/d(leaf) to the grad of every leaf, or of <paramref name="inputs"/>.</summary>
        /// <param name="tensors">What is differentiated; each is a scalar unless grad_tensors says what it is contracted with.</param>
        /// <param name="grad_tensors">One gradient an output, of its shape.</param>
        /// <param name="retain_graph">Keeps the graph for another pass; null means as create_graph.</param>
        /// <param name="create_graph">Records this pass, so that its result can be differentiated again.</param>
        /// <param name="inputs">The leaves that get gradients; null means all.</param>
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var outputs = Handles(tensors);
            var grads = grad_tensors is null ? null : Handles(grad_tensors);
            var leaves = inputs is null ? [] : Handles(inputs);
            if (grads is not null && grads.Length != outputs.Length)
                throw new ArgumentException($"expected {outputs.Length} grad_tensors, got {grads.Length}");
            fixed (nint* o = outputs, g = grads, i = leaves)
            {
                var status = NativeMethods.td_backward(
                    o, outputs.Length, g, Flag(retain_graph ?? create_graph), Flag(create_graph), i, leaves.Length);
                GC.KeepAlive(tensors);
                GC.KeepAlive(grad_tensors);
                GC.KeepAlive(inputs);
                Check(status, "backward", tensors);
            }
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
                backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
                backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The sum over outputs of d(output)/d(input), contracted with grad_outputs.</summary>
        /// <returns>One tensor an input; with <paramref name="allow_unused"/>, an invalid one (IsInvalid) for an unused input.</returns>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">An unused input without allow_unused, a freed graph, a missing grad_output.</exception>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var of = Handles(outputs);
            var by = Handles(inputs);
            var with = grad_outputs is null ? null : Handles(grad_outputs);
            if (with is not null && with.Length != of.Length)
                throw new ArgumentException($"expected {of.Length} grad_outputs, got {with.Length}");
            var result = new nint[by.Length];
            fixed (nint* o = of, i = by, g = with, r = result)
            {
                var status = NativeMethods.td_grad(
                    o, of.Length, i, by.Length, g, Flag(retain_graph), Flag(create_graph), Flag(allow_unused), r);
                GC.KeepAlive(outputs);
                GC.KeepAlive(inputs);
                GC.KeepAlive(grad_outputs);
                Check(status, "autograd.grad", outputs);
            }
            return Array.ConvertAll(result, handle => new Tensor(handle));
        }

        private static void Check(int status, string what, IList<Tensor> outputs)
        {
            if (status == 0) return;
            var thrown = AutogradContext.Failure;
            AutogradContext.Failure = null;
            var message = $"{what} of {string.Join(", ", outputs)}: {NativeMethods.LastError()}";
            throw thrown is null ? new ExternalException(message) : new ExternalException(message, thrown);
        }

        private static byte Flag(bool on) => on ? (byte)1 : (byte)0;

        private static nint[] Handles(IList<Tensor> tensors)
        {
            var handles = new nint[tensors.Count];
            for (var k = 0; k < handles.Length; k++) handles[k] = tensors[k]?.Handle ?? 0;
            return handles;
        }
    }
}
