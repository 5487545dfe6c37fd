using System.Collections.Concurrent;
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private static readonly ConcurrentDictionary<Type, (string Name, FieldInfo Field)[]> FieldsByType = new();

            private const BindingFlags OwnFields =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

            private bool _areComponentsRegistered;

            protected OrderedDict<string, Module> _internal_submodules = new();

            /// <summary>Each buffer, and whether it is persistent.</summary>
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();

            protected OrderedDict<string, Parameter> _internal_params = new();

            /// <summary>
            /// Registers every module, parameter and tensor that a field holds, by the field's name, the class first, then its
            /// bases; a plain tensor becomes a persistent buffer. Names that are registered already are passed over. A module's
            /// constructor calls it last; a second call does nothing.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;
                foreach (var (name, field) in FieldsOf(GetType()))
                {
                    if (_internal_submodules.ContainsKey(name) || _internal_params.ContainsKey(name)
                        || _internal_buffers.ContainsKey(name))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }
                _areComponentsRegistered = true;
            }

            // The fields that can hold a component; the first of a name, counted from the class itself, hides the others.
            private static (string Name, FieldInfo Field)[] FieldsOf(Type type) => FieldsByType.GetOrAdd(type, static type =>
            {
                var fields = new List<(string, FieldInfo)>();
                var seen = new HashSet<string>();
                for (var t = type; t is not null && t != typeof(Module); t = t.BaseType)
                {
                    foreach (var field in t.GetFields(OwnFields))
                    {
                        if (field.FieldType.IsValueType || !seen.Add(field.Name)) continue;
                        fields.Add((field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name, field));
                    }
                }
                return [.. fields];
            });

            /// <exception cref="ArgumentNullException">The tensor is null or disposed.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor),
                        $"expected a tensor for the buffer '{name}', got a null or disposed one");
                if (_internal_buffers.ContainsKey(name)) throw Taken("buffer", name);
                _internal_buffers.Add(name, (tensor, persistent));
            }

            /// <exception cref="ArgumentNullException">The parameter is null or disposed.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param),
                        $"expected a parameter for '{name}', got a null or disposed one");
                if (_internal_params.ContainsKey(name)) throw Taken("parameter", name);
                _internal_params.Add(name, param);
            }

            /// <summary>Registers a submodule and has it register its own components; null removes the name.</summary>
            /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("expected a name for the submodule, got an empty one",
                    nameof(name));
                if (name.Contains('.')) throw new ArgumentException($"expected a submodule name without a dot, got '{name}'",
                    nameof(name));
                if (_internal_submodules.ContainsKey(name)) throw Taken("submodule", name);
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            private InvalidOperationException Taken(string what, string name) =>
                new($"expected a new name for a {what} of {GetName()}, got '{name}', which is registered already");

            /// <summary>Registers or replaces a parameter; null takes the name off.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Registers or replaces a buffer; null takes the name off.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();
        }
    }
}
