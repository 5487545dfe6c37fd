using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>
/// Modules applied one after the other. Each intermediate result is disposed as soon as the next module has used it, so a module
/// inside must not return its own input (return <c>x.alias()</c>). Elements are named "0", "1", ... or as given.
/// </summary>
public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly List<(string Name, torch.nn.IModule<torch.Tensor, torch.Tensor> Module)> _elements = [];

    protected Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor> submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    protected Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules) : base(nameof(Sequential))
    {
        foreach (var module in modules) append(module);
    }

    internal Sequential() : base(nameof(Sequential))
    {
    }

    private static torch.nn.Module Base(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => (torch.nn.Module)module;

    public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (module is not torch.nn.Module) throw new ArgumentException($"expected a torch.nn.Module, got {module.GetType().Name}",
            nameof(module));
        _elements.Add((name, module));
        return this;
    }

    public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => append(_elements.Count.ToString(), module);

    public int Count => _elements.Count;

    [IndexerName("SequentialItems")]
    public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] => _elements[index].Module;

    /// <summary>A Sequential over the same modules, from start up to end, which is left out.</summary>
    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index]
    {
        get
        {
            var (start, end) = (index.start ?? 0, index.end ?? Count);
            if (start < 0 || start > Count)
                throw new IndexOutOfRangeException($"expected a start from 0 to {Count}, got {start}");
            if (end < 0 || end > Count) throw new IndexOutOfRangeException($"expected an end from 0 to {Count}, got {end}");
            var part = new Sequential();
            for (var k = start; k < end; k++) part._elements.Add(_elements[k]);
            return part;
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => this[(index.Start.GetOffset(Count), index.End.GetOffset(Count))];

    public override torch.Tensor forward(torch.Tensor tensor)
    {
        if (_elements.Count == 0) return Aten.Alias.Run(tensor);
        var current = _elements[0].Module.call(tensor);
        for (var k = 1; k < _elements.Count; k++)
        {
            var next = _elements[k].Module.call(current);
            current.Dispose();
            current = next;
        }
        return current;
    }

    public override torch.nn.Module apply(Action<torch.nn.Module> fn)
    {
        foreach (var (_, module) in _elements) Base(module).apply(fn);
        fn(this);
        return this;
    }

    public override void train(bool on = true) => base.train(on);

    public override void eval() => train(false);

    public override IEnumerable<(string name, torch.nn.Module module)> named_children() =>
        _elements.Select(element => (element.Name, Base(element.Module)));

    public override IEnumerable<(string name, torch.nn.Module module)> named_modules() => base.named_modules();

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<nint>();
        foreach (var (own, module) in _elements)
            foreach (var (inner, p) in Base(module).named_parameters())
                if (seen.Add(p.Handle)) yield return ($"{own}.{inner}", p);
    }

    public override IEnumerable<(string name, torch.Tensor buffer)> named_buffers(bool recurse = true,
        bool include_persistent = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<nint>();
        foreach (var (own, module) in _elements)
            foreach (var (inner, buffer) in Base(module).named_buffers(true, include_persistent))
                if (seen.Add(buffer.Handle)) yield return ($"{own}.{inner}", buffer);
    }
}
