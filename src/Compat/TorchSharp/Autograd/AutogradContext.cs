using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What the forward of a custom function keeps for its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private readonly Func<AutogradContext, List<Tensor>> _forward;
            private readonly Func<AutogradContext, List<Tensor>, IReadOnlyList<Tensor?>> _backward;
            private int _saved;
            private nint _native;

            internal AutogradContext(
                Func<AutogradContext, List<Tensor>> forward, Func<AutogradContext, List<Tensor>, IReadOnlyList<Tensor?>> backward)
            {
                _forward = forward;
                _backward = backward;
            }

            /// <summary>What the managed code of this thread threw inside a native call, to be rethrown outside it.</summary>
            [ThreadStatic] internal static Exception? Failure;

            /// <summary>Whether backward gets zeros (true, the default) or invalid tensors for outputs that have no gradient.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            public void set_materialize_grads(bool value)
            {
                MaterializeGrads = value;
                NativeMethods.Check(NativeMethods.td_context_materialize_grads(Native, value ? (byte)1 : (byte)0), nameof(set_materialize_grads));
            }

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            /// <summary>Keeps inputs, outputs or intermediates for backward; once in a forward.</summary>
            public unsafe void save_for_backward(List<Tensor> tensors)
            {
                _saved = tensors.Count;
                Pass(tensors, &NativeMethods.td_context_save, nameof(save_for_backward));
            }

            /// <summary>The tensors of save_for_backward.</summary>
            /// <exception cref="ExternalException">One of them was changed in place, or the graph was freed.</exception>
            public unsafe List<Tensor> get_saved_variables()
            {
                var handles = new nint[_saved];
                fixed (nint* p = handles)
                    NativeMethods.Check(NativeMethods.td_context_saved(Native, p, _saved), nameof(get_saved_variables));
                return handles.Select(handle => new Tensor(handle)).ToList();
            }

            /// <summary>Says that forward has changed these inputs in place.</summary>
            public unsafe void mark_dirty(List<Tensor> tensors) => Pass(tensors, &NativeMethods.td_context_mark_dirty, nameof(mark_dirty));

            /// <summary>Says that these outputs have no gradient.</summary>
            public unsafe void mark_non_differentiable(List<Tensor> tensors) =>
                Pass(tensors, &NativeMethods.td_context_mark_non_differentiable, nameof(mark_non_differentiable));

            /// <summary>Drops the data; the tensors go with the graph.</summary>
            public void Dispose() => _data.Clear();

            private nint Native => _native != 0 ? _native
                : throw new InvalidOperationException("expected a call from within forward or backward: the context has no function around it");

            private unsafe void Pass(List<Tensor> tensors, delegate*<nint, nint*, int, int> call, string name)
            {
                var handles = tensors.Select(t => t.Handle).ToArray();
                fixed (nint* p = handles) NativeMethods.Check(call(Native, p, handles.Length), name);
                GC.KeepAlive(tensors);
            }

            internal unsafe List<Tensor> Apply(Tensor[] inputs, string name)
            {
                const int MostOutputs = 256;
                var handles = Array.ConvertAll(inputs, t => t.Handle);
                var outputs = stackalloc nint[MostOutputs];
                int count;
                var callbacks = new FunctionCallbacks { Forward = &Forward, Backward = &Backward, Release = &Release };
                var state = GCHandle.ToIntPtr(GCHandle.Alloc(this));
                int status;
                fixed (nint* p = handles) status = NativeMethods.td_function_apply(state, &callbacks, p, handles.Length, outputs, MostOutputs, &count);
                GC.KeepAlive(inputs);
                if (status != 0) Rethrow();
                NativeMethods.Check(status, name);
                var results = new List<Tensor>(count);
                for (var k = 0; k < count; k++) results.Add(new Tensor(outputs[k]));
                return results;
            }

            private static void Rethrow()
            {
                if (Failure is not { } thrown) return;
                Failure = null;
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
            }

            [UnmanagedCallersOnly]
            private static unsafe int Forward(nint state, nint context, nint* outputs, int capacity, int* count, byte* message, int room) =>
                Guarded(state, context, message, room, self =>
                {
                    var made = self._forward(self);
                    if (made.Count > capacity) throw new InvalidOperationException($"expected at most {capacity} outputs, got {made.Count}");
                    for (var k = 0; k < made.Count; k++) outputs[k] = NativeMethods.td_retain(made[k].Handle);
                    *count = made.Count;
                });

            [UnmanagedCallersOnly]
            private static unsafe int Backward(
                nint state, nint context, nint* grads, int gradCount, nint* results, int resultCount, byte* message, int room) =>
                    Guarded(state, context, message, room, self =>
                    {
                        using var scope = NewDisposeScope();
                        var given = new List<Tensor>(gradCount);
                        for (var k = 0; k < gradCount; k++) given.Add(new Tensor(NativeMethods.td_retain(grads[k])));
                        var made = self._backward(self, given);
                        for (var k = 0; k < resultCount; k++)
                            results[k] = made[k] is { IsInvalid: false } grad ? NativeMethods.td_retain(grad.Handle) : 0;
                    });

            private static unsafe int Guarded(nint state, nint context, byte* message, int room, Action<AutogradContext> body)
            {
                var self = (AutogradContext)GCHandle.FromIntPtr(state).Target!;
                var before = self._native;
                self._native = context;
                try
                {
                    body(self);
                    return 0;
                }
                catch (Exception e)
                {
                    Failure = e;
                    var text = Encoding.UTF8.GetBytes($"{e.GetType().Name}: {e.Message}");
                    var length = Math.Min(text.Length, room - 1);
                    text.AsSpan(0, length).CopyTo(new Span<byte>(message, length));
                    message[length] = 0;
                    return 1;
                }
                finally
                {
                    self._native = before;
                }
            }

            [UnmanagedCallersOnly]
            private static void Release(nint state) => GCHandle.FromIntPtr(state).Free();
        }
    }
}
