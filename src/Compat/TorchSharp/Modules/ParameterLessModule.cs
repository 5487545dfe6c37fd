namespace TorchSharp.Modules;

/// <summary>A module that holds nothing to train or move.</summary>
public interface IParameterLessModule;

/// <summary>A module with one input that holds nothing to train or move: registering anything in it throws.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name)
    {
    }

    private InvalidOperationException Refuse(string what) =>
        new($"{GetName()} has no parameters, buffers or submodules: a {what} cannot be registered in it");

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) => throw Refuse("buffer");

    public override void register_module(string name, torch.nn.Module submodule) => throw Refuse("submodule");

    public override void register_parameter(string name, Parameter param) => throw Refuse("parameter");
}
