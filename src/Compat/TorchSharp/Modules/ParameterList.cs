using System.Collections;

namespace TorchSharp.Modules;

/// <summary>A list of parameters, registered as "0", "1", ... when the list itself is registered.</summary>
public class ParameterList : torch.nn.Module, IList<Parameter>
{
    private readonly List<Parameter> _list = [];
    private bool _registered;

    public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => _list.AddRange(parameters);

    protected override void RegisterComponents()
    {
        if (_registered) return;
        for (var k = 0; k < _list.Count; k++) register_parameter($"{k}", _list[k]);
        _registered = true;
    }

    // A move puts new objects into the register; the list follows.
    protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        for (var k = 0; k < _list.Count; k++)
            if (_internal_params.TryGetValue($"{k}", out var moved)) _list[k] = moved;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        _list.Select((p, k) => ($"{k}", p));

    public override Parameter? get_parameter(string target) =>
        int.TryParse(target, out var k) && k >= 0 && k < _list.Count ? _list[k] : null;

    public override bool has_parameter(string target) => get_parameter(target) is not null;

    public Parameter this[int index]
    {
        get => _list[index];
        set => _list[index] = value;
    }

    public int Count => _list.Count;
    public bool IsReadOnly => false;
    public void Add(Parameter item) => _list.Add(item);
    public void append(params Parameter[] parameters) => _list.AddRange(parameters);
    public void extend(IEnumerable<Parameter> parameters) => _list.AddRange(parameters);
    public void Insert(int index, Parameter item) => _list.Insert(index, item);
    public bool Remove(Parameter item) => IndexOf(item) is var k and >= 0 && RemoveItem(k);
    public void RemoveAt(int index) => _list.RemoveAt(index);
    public void Clear() => _list.Clear();
    public bool Contains(Parameter item) => IndexOf(item) >= 0;

    // Tensor.Equals compares values; a list of parameters is about the objects.
    public int IndexOf(Parameter item) => _list.FindIndex(p => ReferenceEquals(p, item));
    public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);
    public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool RemoveItem(int index)
    {
        _list.RemoveAt(index);
        return true;
    }
}
