using static TorchSharp.torch;

namespace RealNvp.Flows;

/// <summary>What the library's modules have in common: their parameters live as long as they do, and a disposed one says so.</summary>
public abstract class FlowModule : nn.Module
{
    /// <summary>Names the module.</summary>
    protected FlowModule(string name) : base(TorchLibrary.Require(name))
    {
    }

    /// <summary>Whether its parameters are gone.</summary>
    internal bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        this.OutliveScopes();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
