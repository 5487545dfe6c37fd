using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// Parameters by name, in the order in which they were added, registered when the dictionary itself is registered.
/// </summary>
public class ParameterDict : torch.nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
{
    private readonly OrderedDict<string, Parameter> _entries = new();
    private bool _registered;

    public ParameterDict() : base(nameof(ParameterDict))
    {
    }

    protected override void RegisterComponents()
    {
        if (_registered) return;
        foreach (var (key, parameter) in _entries) register_parameter(key, parameter);
        _registered = true;
    }

    // A move puts new objects into the register; the dictionary follows.
    protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        foreach (var key in _entries.Keys)
            if (_internal_params.TryGetValue(key, out var moved)) _entries[key] = moved;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse) => _entries;

    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    public override Parameter get_parameter(string target) => _entries[target];

    public override bool has_parameter(string target) => _entries.ContainsKey(target);

    public Parameter this[string key]
    {
        get => _entries[key];
        set => _entries[key] = value;
    }

    public (string, Parameter) this[int index]
    {
        get => _entries[index];
        set => _entries[index] = value;
    }

    public int Count => _entries.Count;
    public bool IsReadOnly => false;
    public ICollection<string> Keys => _entries.Keys;
    public ICollection<Parameter> Values => _entries.Values;
    public IEnumerable<string> keys() => _entries.keys();
    public IEnumerable<Parameter> values() => _entries.values();
    public IEnumerator<(string, Parameter)> items() => _entries.items();
    public void Add(string key, Parameter value) => _entries.Add(key, value);
    public void Add((string, Parameter) item) => _entries.Add(item);
    public void Add(KeyValuePair<string, Parameter> item) => _entries.Add(item);
    public void Insert(int index, (string, Parameter) item) => _entries.Insert(index, item);
    public bool Remove(string key) => _entries.Remove(key);
    public bool Remove((string, Parameter) item) => _entries.Remove(item);
    public bool Remove(KeyValuePair<string, Parameter> item) => _entries.Remove(item);
    public void RemoveAt(int index) => _entries.RemoveAt(index);
    public void Clear() => _entries.Clear();
    public void clear() => _entries.Clear();
    public bool ContainsKey(string key) => _entries.ContainsKey(key);
    public bool Contains((string, Parameter) item) => _entries.Contains(item);
    public bool Contains(KeyValuePair<string, Parameter> item) => _entries.Contains(item);
    public int IndexOf((string, Parameter) item) => _entries.IndexOf(item);
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => _entries.TryGetValue(key, out value);
    public void CopyTo((string, Parameter)[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);
    public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);
    public IEnumerator<(string, Parameter)> GetEnumerator() => _entries.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, Parameter>>)_entries).GetEnumerator();
}
