namespace TorchSharp.Modules;

/// <summary>Parameters that are updated with the same options.</summary>
public class ParamGroup : torch.optim.ILearningRateController
{
    private GroupMembers? _members;

    public IEnumerable<Parameter> Parameters { get; set; } = [];
    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }

    /// <summary>
    /// The parameters with their states, looked up once for as long as <see cref="Parameters"/> is the same object.
    /// </summary>
    internal GroupMembers Members(Utils.OrderedDict<nint, OptimizerState> states)
    {
        if (_members is null || !ReferenceEquals(_members.Parameters, Parameters) || !ReferenceEquals(_members.Source, states))
        {
            var list = Parameters as Parameter[] ?? [.. Parameters];
            Parameters = list;
            _members = new(list, states);
        }
        return _members;
    }
}

/// <summary>A group with options of a known type.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
