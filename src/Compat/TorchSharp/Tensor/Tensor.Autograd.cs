using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public void backward() => autograd.backward(this);

        /// <summary>Adds d(this)/d(leaf) to the grad of every leaf, or of <paramref name="inputs"/>.</summary>
        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
                autograd.backward(this, grad_tensors!, retain_graph, create_graph, inputs!);

        /// <summary>Keeps the gradient of a tensor that is no leaf.</summary>
        public void retain_grad()
        {
            NativeMethods.Check(NativeMethods.td_retain_grad(Handle), nameof(retain_grad));
            GC.KeepAlive(this);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);
    }
}
