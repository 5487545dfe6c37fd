using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Something with parameters, buffers and submodules that are found, moved, saved and loaded by name.</summary>
        public partial class Module : IDisposable
        {
            protected string? name;

            private bool _training = true;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            /// <summary>True from the start; false after <see cref="eval"/>.</summary>
            public virtual bool training => _training;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Children first, then the module itself.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Drops every gradient, or zeroes it in place where <paramref name="set_to_none"/> is false.</summary>
            public virtual unsafe void zero_grad(bool set_to_none = true)
            {
                Parameter[] all = [.. parameters()];
                var handles = Array.ConvertAll(all, p => p.Handle);
                fixed (nint* p = handles)
                {
                    NativeMethods.Check(set_to_none ? NativeMethods.td_drop_grads(p, handles.Length)
                        : NativeMethods.td_zero_grads(p, handles.Length), nameof(zero_grad));
                }
                GC.KeepAlive(all);
            }

            /// <summary>Frees its own parameters and buffers, and disposes its submodules.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var (_, (buffer, _)) in _internal_buffers) buffer.Dispose();
                foreach (var (_, parameter) in _internal_params) parameter.Dispose();
                foreach (var (_, child) in named_children()) child.Dispose();
            }

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null,
                ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());
        }
    }
}
