using System.Diagnostics.CodeAnalysis;

namespace TorchSharp;

/// <summary>
/// Owns the tensors made while it is the innermost scope of its thread, and frees those that are still attached when it ends.
/// Tensors are linked through fields of their own (attach and detach cost a few writes); anything else sits in a set.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private HashSet<IDisposable>? _others;
    private torch.Tensor? _first;
    private int _count;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        OuterScope = outer;
    }

    internal DisposeScope? OuterScope { get; set; }

    internal bool BelongsTo(DisposeScopeManager manager) => _manager == manager;

    public int DisposablesCount => _count + (_others?.Count ?? 0);

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            var all = new List<IDisposable>(DisposablesCount);
            for (var t = _first; t is not null; t = t.NextInScope) all.Add(t);
            if (_others is not null) all.AddRange(_others);
            return all;
        }
    }

    internal void Add(torch.Tensor t)
    {
        t.OwningDisposeScope = this;
        t.NextInScope = _first;
        t.PreviousInScope = null;
        if (_first is not null) _first.PreviousInScope = t;
        _first = t;
        _count++;
    }

    internal void Remove(torch.Tensor t)
    {
        if (t.PreviousInScope is { } previous) previous.NextInScope = t.NextInScope;
        else _first = t.NextInScope;
        if (t.NextInScope is { } next) next.PreviousInScope = t.PreviousInScope;
        t.OwningDisposeScope = null;
        t.NextInScope = t.PreviousInScope = null;
        _count--;
    }

    public bool Contains(IDisposable disposable) =>
        disposable is torch.Tensor t ? t.OwningDisposeScope == this : _others?.Contains(disposable) ?? false;

    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor t)
        {
            if (t.OwningDisposeScope == this || t.IsInvalid) return;
            if (t.OwningDisposeScope is { } owner) owner.Remove(t);
            Add(t);
            _manager.Counters.Attached();
        }
        else
        {
            (_others ??= new(ReferenceEqualityComparer.Instance)).Add(disposable);
        }
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var all = disposables.ToList();
        foreach (var d in all) Attach(d);
        return all;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        DetachOne(disposable);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var d in disposables) DetachOne(d);
    }

    private bool DetachOne(IDisposable disposable)
    {
        if (disposable is torch.Tensor t)
        {
            if (t.OwningDisposeScope != this) return false;
            Remove(t);
            t.LeaveToCollector();
            _manager.Counters.Detached();
            return true;
        }
        return _others?.Remove(disposable) ?? false;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (scope is null) DetachOne(disposable);
        else if (Contains(disposable))
        {
            if (disposable is not torch.Tensor) _others!.Remove(disposable);
            scope.Attach(disposable);
        }
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var d in disposables) MoveToOther(scope, d);
    }

    /// <summary>Frees everything that is attached; the scope stays in use.</summary>
    public void DisposeEverything()
    {
        torch.Tensor.ReleaseAll(_first, _count);
        _manager.Counters.DisposedInScope(_count);
        _first = null;
        _count = 0;
        if (_others is null) return;
        var others = _others;
        _others = null;
        foreach (var d in others) d.Dispose();
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var kept = inKeep.Where(Contains).ToList();
        foreach (var d in kept)
        {
            if (d is torch.Tensor t) Remove(t);
            else _others!.Remove(d);
        }
        DisposeEverything();
        foreach (var d in kept)
        {
            if (d is torch.Tensor t) Add(t);
            else (_others ??= new(ReferenceEqualityComparer.Instance)).Add(d);
        }
    }

    /// <summary>Takes a disposable off the list without freeing it: its owner has freed it.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        if (disposable is torch.Tensor t)
        {
            if (t.OwningDisposeScope != this) return;
            Remove(t);
            t.LeaveToCollector();
        }
        else _others?.Remove(disposable);
    }

    public void Dispose()
    {
        DisposeEverything();
        _manager.RemoveDisposeScope(this);
        GC.SuppressFinalize(this);
    }

    // A scope that was never disposed and is no longer reachable: none of its tensors is, since each refers to it.
    ~DisposeScope() => torch.Tensor.ReleaseAll(_first, _count);
}
