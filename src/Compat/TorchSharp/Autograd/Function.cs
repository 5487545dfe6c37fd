namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A function with a backward of its own; derive from SingleTensorFunction or MultiTensorFunction.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            protected Function()
            {
            }

            public abstract string Name { get; }

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs);

            public static List<Tensor> apply_internal(params object[] vars)
            {
                var function = Instance;
                var context = new AutogradContext(ctx => function.Forward(ctx, vars), (ctx, grads) => GradsOfTensors(function, vars, function.Backward(ctx, grads)));
                return context.Apply(vars.OfType<Tensor>().ToArray(), function.Name);
            }

            // backward gives one entry an argument of forward; the graph knows the tensors among them.
            private static List<Tensor?> GradsOfTensors(T function, object[] vars, List<Tensor> grads)
            {
                if (grads.Count != vars.Length)
                    throw new InvalidOperationException($"{function.Name}.backward: expected {vars.Length} gradients, one an argument of forward, got {grads.Count}");
                return vars.Zip(grads).Where(pair => pair.First is Tensor).Select(pair => (Tensor?)pair.Second).ToList();
            }
        }

        /// <summary>A custom function with one output.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            protected SingleTensorFunction()
            {
            }

            /// <summary>Runs forward and records backward.</summary>
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            /// <summary>Computes the output, unrecorded; keeps in the context what backward needs.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient an argument of forward, null for what is no tensor.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal sealed override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs) => backward(ctx, grad_outputs[0]);
        }

        /// <summary>A custom function with several outputs.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            protected MultiTensorFunction()
            {
            }

            /// <summary>Runs forward and records backward.</summary>
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            /// <summary>Computes the outputs, unrecorded; keeps in the context what backward needs.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient an argument of forward, null for what is no tensor.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal sealed override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs) => backward(ctx, grad_outputs);
        }
    }
}
