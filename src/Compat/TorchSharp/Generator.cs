using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with its own state.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Device device { get; }

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint g;
            NativeMethods.Check(NativeMethods.td_generator((int)this.device.type, this.device.index, 1, &g), nameof(Generator));
            _handle = g;
            manual_seed((long)seed);
        }

        private unsafe Generator(Device device, bool _)
        {
            this.device = device;
            nint g;
            NativeMethods.Check(NativeMethods.td_generator((int)device.type, device.index, 0, &g), nameof(Generator));
            _handle = g;
        }

        ~Generator() => Release();

        /// <summary>The generator that the CPU uses when none is given.</summary>
        public static Generator Default => new(CPU, true);

        internal static Generator DefaultOf(Device device) => new(device, true);

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) NativeMethods.td_generator_delete(handle);
        }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.td_generator_seed(Handle, (ulong)seed), nameof(manual_seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Draws a new seed from the system, sets it and returns it.</summary>
        public unsafe long seed()
        {
            ulong s;
            NativeMethods.Check(NativeMethods.td_generator_reseed(Handle, &s), nameof(seed));
            GC.KeepAlive(this);
            return (long)s;
        }

        public unsafe long initial_seed()
        {
            ulong s;
            NativeMethods.Check(NativeMethods.td_generator_initial_seed(Handle, &s), nameof(initial_seed));
            GC.KeepAlive(this);
            return (long)s;
        }

        public unsafe Tensor get_state()
        {
            nint t;
            NativeMethods.Check(NativeMethods.td_generator_state(Handle, &t), nameof(get_state));
            GC.KeepAlive(this);
            return new Tensor(t);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.td_generator_set_state(Handle, value.Handle), nameof(set_state));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }
}
