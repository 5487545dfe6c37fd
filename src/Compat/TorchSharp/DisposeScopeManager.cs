namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? _ofThread;

    internal static DisposeScopeManager ThreadSingleton => _ofThread ??= new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal ThreadDisposeScopeStatistics Counters { get; } = new();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.Counters;

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new(this, CurrentDisposeScope);

    internal void RemoveDisposeScope(DisposeScope scope)
    {
        // A scope may end out of order: take it out wherever it stands.
        if (CurrentDisposeScope == scope)
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var s = CurrentDisposeScope; s is not null; s = s.OuterScope)
        {
            if (s.OuterScope != scope) continue;
            s.OuterScope = scope.OuterScope;
            return;
        }
    }
}
