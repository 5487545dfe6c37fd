using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Own parameters first, then the submodules', "child.weight"; each tensor once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (own, p) in _internal_params)
                    if (!p.IsInvalid && seen.Add(p.Handle)) yield return (own, p);
                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, p) in module.named_parameters())
                        if (seen.Add(p.Handle)) yield return ($"{child}.{inner}", p);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>Own persistent buffers, then the submodules'; those that are not persistent are never listed.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true,
                bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (own, (buffer, persistent)) in _internal_buffers)
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer.Handle)) yield return (own, buffer);
                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.Handle)) yield return ($"{child}.{inner}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(entry => entry.module);

            /// <summary>Children, then what each of them holds; the module itself is not listed.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var entry in named_children()) yield return entry;
                foreach (var (child, module) in named_children())
                    foreach (var (inner, m) in module.named_modules()) yield return ($"{child}.{inner}", m);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            /// <summary>The buffer of a dotted name, or null.</summary>
            public virtual Tensor? get_buffer(string target)
            {
                if (_internal_buffers.TryGetValue(target, out var entry)) return entry.Item1;
                return Owner(target) is var (module, rest) ? module.get_buffer(rest) : null;
            }

            /// <summary>The parameter of a dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out var parameter)) return parameter;
                return Owner(target) is var (module, rest) ? module.get_parameter(rest) : null;
            }

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            // The child that a dotted name begins with, and the rest of the name.
            private (Module module, string rest)? Owner(string target)
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;
                foreach (var (child, module) in named_children())
                    if (target.AsSpan(0, dot).SequenceEqual(child)) return (module, target[(dot + 1)..]);
                return null;
            }

            protected virtual (string name, Tensor buffer)[] _named_buffers() => [.. named_buffers(false)];

            protected virtual (string name, Parameter parameter)[] _named_parameters() => [.. named_parameters(false)];

            protected virtual Parameter[] _parameters(bool recurse = true) => [.. parameters(recurse)];
        }
    }
}
