using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>All parameters, then all buffers, by dotted name: live references, no copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null,
                string? prefix = null)
            {
                destination ??= [];
                string Key(string own) => string.IsNullOrEmpty(prefix) ? own : $"{prefix}.{own}";
                foreach (var (own, p) in named_parameters()) destination.TryAdd(Key(own), p);
                foreach (var (own, b) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Key(own), b);
                // A tensor shared by two submodules appears under both of its names.
                foreach (var (child, module) in _internal_submodules) module.state_dict(destination, Key(child));
                return destination;
            }

            /// <summary>Copies values in by name, outside of autograd.</summary>
            /// <exception cref="InvalidOperationException">Strict, and a name is missing or unexpected.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                List<string> missing = [.. own.Keys.Where(key => Wanted(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => Wanted(key) && !own.ContainsKey(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException($"expected the names of {GetName()}'s state_dict; missing: "
                        + $"{Listed(missing)}; unexpected: {Listed(unexpected)}. Pass strict: false to load what fits.");
                }
                using var off = new NoGrad();
                foreach (var (key, value) in source)
                {
                    if (!Wanted(key) || !own.TryGetValue(key, out var target)) continue;
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                        throw new InvalidOperationException($"expected '{key}' of shape [{string.Join(", ", target.shape)}], "
                            + $"got [{string.Join(", ", value.shape)}]");
                    Aten.Copy_.RunInPlace(target, value);
                }
                return (missing, unexpected);
            }

            private static string Listed(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

            /// <summary>
            /// Writes the state: LEB128 count; per entry the name (7-bit length, UTF-8) and the tensor as Tensor.Save writes it.
            /// </summary>
            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            /// <summary>
            /// Writes to a temporary file beside the target, which it then replaces: a failure leaves the old file as it was.
            /// </summary>
            public Module save(string location, IList<string>? skip = null)
            {
                AtomicFile.Write(location, stream => save(stream, skip));
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var entries = skip is null ? sd.ToList() : sd.Where(entry => !skip.Contains(entry.Key)).ToList();
                writer.Encode(entries.Count);
                foreach (var (key, tensor) in entries)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            /// <summary>
            /// Reads what <see cref="save(BinaryWriter, IList{string}?)"/> wrote into the tensors of the same names;
            /// loadedParameters gets every name of the file, and whether the module has it.
            /// </summary>
            /// <exception cref="ArgumentException">Strict, and count or names differ; or a shape or dtype differs.</exception>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null,
                Dictionary<string, bool>? loadedParameters = null)
            {
                var own = state_dict();
                var entries = reader.Decode();
                if (strict && entries != own.Count)
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {own.Count} entries for {GetName()}, "
                        + $"found {entries}");
                for (long k = 0; k < entries; k++)
                {
                    var key = reader.ReadString();
                    var found = own.TryGetValue(key, out var target);
                    if (!found && strict)
                        throw new ArgumentException($"Mismatched module state names: {GetName()} has no parameter or buffer "
                            + $"named '{key}'");
                    if (found && (skip is null || !skip.Contains(key))) ReadInto(target!, reader, key);
                    else TensorExtensionMethods.Load(reader, skip: true).Dispose();
                    loadedParameters?.Add(key, found);
                }
                return this;
            }

            private static void ReadInto(Tensor target, BinaryReader reader, string key)
            {
                try
                {
                    target.Load(reader);
                }
                catch (ArgumentException e)
                {
                    throw new ArgumentException($"Mismatched tensor while loading '{key}': {e.Message}", e);
                }
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string,
                bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <exception cref="FileNotFoundException">There is no such file.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null,
                Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            /// <summary>A new module with the state of a file.</summary>
            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);
        }
    }
}
