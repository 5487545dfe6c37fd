using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. Holds one native reference, which the innermost <see cref="DisposeScope"/>, Dispose or, last, the garbage
    /// collector gives up. Objects with finalisers are slow to make, so only a tensor that no scope owns has a (separate) one.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long _total;
        private static long _peak;

        private nint _handle;
        private Reclaimer? _reclaimer;

        internal DisposeScope? OwningDisposeScope;
        internal Tensor? NextInScope;
        internal Tensor? PreviousInScope;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref _total);
            if (total > Volatile.Read(ref _peak)) Volatile.Write(ref _peak, total);
            var manager = DisposeScopeManager.ThreadSingleton;
            var scope = manager.CurrentDisposeScope;
            manager.Counters.Created(scope is not null);
            if (scope is not null) scope.Add(this);
            else LeaveToCollector();
        }

        /// <summary>
        /// Gives up the native reference of a tensor that has become unreachable. The collector sees a few managed bytes, so it is told of
        /// the native ones where they are many.
        /// </summary>
        private sealed class Reclaimer
        {
            private const long ManyBytes = 1 << 16;

            private readonly Tensor _owner;
            private readonly long _bytes;

            internal Reclaimer(Tensor owner)
            {
                _owner = owner;
                _bytes = NativeMethods.td_bytes(owner._handle);
                if (_bytes >= ManyBytes) GC.AddMemoryPressure(_bytes);
            }

            // The owner's handle is taken like everywhere else: finalisers run in any order, and another's may have disposed the owner.
            unsafe ~Reclaimer()
            {
                var handle = Interlocked.Exchange(ref _owner._handle, 0);
                if (handle == 0) return;
                NativeMethods.td_release(&handle, 1);
                Interlocked.Decrement(ref _total);
                LiftPressure();
            }

            internal void Cancel()
            {
                GC.SuppressFinalize(this);
                LiftPressure();
            }

            private void LiftPressure()
            {
                if (_bytes >= ManyBytes) GC.RemoveMemoryPressure(_bytes);
            }
        }

        /// <summary>From now on no scope owns the tensor.</summary>
        internal void LeaveToCollector()
        {
            if (_handle != 0) _reclaimer ??= new Reclaimer(this);
        }

        /// <summary>The native reference (a TensorImpl*).</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed, or its handle was handed on.</exception>
        public nint Handle => _handle != 0 ? _handle : throw Disposed();

        private static ObjectDisposedException Disposed() => new(nameof(Tensor), "Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        /// <summary>Tensors alive in the process.</summary>
        public static long TotalCount => Volatile.Read(ref _total);

        public static long PeakCount => Volatile.Read(ref _peak);

        /// <summary>Hands the native reference to the caller; this object becomes invalid.</summary>
        public nint DecoupleFromNativeHandle()
        {
            var handle = Take();
            if (handle != 0) Interlocked.Decrement(ref _total);
            OwningDisposeScope?.MarkAsDisposed(this);
            return handle;
        }

        private nint Take()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0 || _reclaimer is null) return handle;
            _reclaimer.Cancel();
            _reclaimer = null;
            return handle;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual unsafe void Dispose(bool disposing)
        {
            var handle = Take();
            if (handle == 0) return;
            NativeMethods.td_release(&handle, 1);
            Interlocked.Decrement(ref _total);
            if (!disposing) return;
            var manager = DisposeScopeManager.ThreadSingleton;
            manager.Counters.Disposed(OwningDisposeScope is not null);
            // A scope's list is its thread's: another thread leaves the empty object in it.
            if (OwningDisposeScope?.BelongsTo(manager) ?? false) OwningDisposeScope.MarkAsDisposed(this);
        }

        /// <summary>Gives up a scope's whole chain of tensors in few native calls.</summary>
        internal static unsafe void ReleaseAll(Tensor? first, int count)
        {
            const int Batch = 256;
            var handles = stackalloc nint[Math.Min(count, Batch)];
            var n = 0;
            for (var t = first; t is not null;)
            {
                var next = t.NextInScope;
                t.OwningDisposeScope = null;
                t.NextInScope = t.PreviousInScope = null;
                if (t.Take() is var handle and not 0)
                {
                    handles[n++] = handle;
                }
                if (n == Batch)
                {
                    NativeMethods.td_release(handles, n);
                    Interlocked.Add(ref _total, -n);
                    n = 0;
                }
                t = next;
            }
            if (n == 0) return;
            NativeMethods.td_release(handles, n);
            Interlocked.Add(ref _total, -n);
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach<Tensor>(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        /// <summary>A new object over the same native tensor.</summary>
        internal Tensor Share() => new(NativeMethods.td_retain(Handle));

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);
    }

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Runs a function in a scope of its own and moves its result out.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
