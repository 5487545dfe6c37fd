using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(Castable(dtype), device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(Castable(dtype), non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private static ScalarType Castable(ScalarType dtype) => IsInexact(dtype) ? dtype
                : throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired "
                    + $"dtype={dtype}", nameof(dtype));

            private static bool IsInexact(ScalarType dtype) =>
                dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32
                or ScalarType.Float64 or ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) =>
                _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>
            /// Moves or casts submodules, then the module's own parameters and buffers. What changes becomes a new object, which
            /// takes the old one's place in the register and in the field or property of that name; the old one is disposed.
            /// </summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is null && device is null)
                    throw new ArgumentNullException(nameof(dtype), "expected a dtype or a device to move to, got neither");
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                foreach (var (own, old) in _internal_params.Snapshot())
                {
                    if (old.IsInvalid || !ReplaceParameter(dtype, device, old, out var moved)) continue;
                    _internal_params[own] = moved!;
                    PutBack(own, moved!);
                    old.Dispose();
                }
                foreach (var (own, (old, persistent)) in _internal_buffers.Snapshot())
                {
                    if (!persistent || old.IsInvalid || !ReplaceBuffer(dtype, device, old, out var moved)) continue;
                    _internal_buffers[own] = (moved!, persistent);
                    PutBack(own, moved!);
                }
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            // Writes a moved tensor into the public property or the field that is registered under the name.
            private void PutBack(string own, Tensor moved)
            {
                var property = GetType().GetProperty(own, BindingFlags.Instance | BindingFlags.Public);
                if (property is { CanWrite: true })
                {
                    property.SetValue(this, moved);
                    return;
                }
                foreach (var (registered, field) in FieldsOf(GetType()))
                {
                    if (registered != own) continue;
                    field.SetValue(this, moved);
                    return;
                }
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                if (!Moves(ref dtype, device, buffer)) return false;
                using var off = new NoGrad();
                result = Aten.ToDtypeLayout.Run(buffer, dtype, Arg.None, device).DetachFromDisposeScope();
                buffer.Dispose();
                return true;
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                if (!Moves(ref dtype, device, param)) return false;
                using var off = new NoGrad();
                p = new Parameter(Aten.ToDtypeLayout.Run(param, dtype, Arg.None, device), param.requires_grad);
                p.DetachFromDisposeScope();
                using var grad = param.grad;
                if (grad is null) return true;
                using var moved = Aten.ToDtypeLayout.Run(grad, dtype, Arg.None, device);
                p.grad = moved;
                return true;
            }

            // Whether the tensor is of another dtype or elsewhere. Integers and booleans keep their dtype: it is nulled for them.
            private static bool Moves(ref ScalarType? dtype, Device? device, Tensor tensor)
            {
                var type = tensor.dtype;
                if (!IsInexact(type)) dtype = null;
                if (dtype is { } wanted && wanted != type) return true;
                if (device is null) return false;
                return device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index);
            }
        }
    }
}
