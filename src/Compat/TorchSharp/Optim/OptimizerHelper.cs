using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// What the managed optimizers share: groups, states, the step's frame, saving and loading. Each of them adds its
/// <see cref="UpdateRule"/>, its options and its state.
/// </summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    protected OptimizerOptions _defaults = null!;

    /// <summary>States by the parameter's handle.</summary>
    protected OrderedDict<nint, OptimizerState> _state = new();

    // Null in a class derived elsewhere, which overrides step and add_param_group itself.
    private readonly UpdateRule _rule = null!;
    private readonly Action<ParamGroup> _update = null!;

    public OptimizerHelper()
    {
    }

    private protected OptimizerHelper(UpdateRule rule, OptimizerOptions defaults)
    {
        _rule = rule;
        _update = group => rule.Update(Members(group), group.Options);
        _defaults = defaults;
        _defaults.InitialLearningRate = _defaults.LearningRate!.Value;
    }

    /// <summary>
    /// Runs the closure, if any, with gradients recorded, then the body for every group, without, in a dispose scope of its own.
    /// </summary>
    protected torch.Tensor _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null) where T : ParamGroup
    {
        torch.Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var on = torch.enable_grad();
            loss = loss_closure();
        }
        using var off = new NoGrad();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss!;
    }

    private protected torch.Tensor Step(Func<torch.Tensor>? closure) => _step(_update, closure);

    private GroupMembers Members(ParamGroup group) => group.Members(_state);

    private protected void AddGroups(IEnumerable<ParamGroup> groups)
    {
        foreach (var group in groups) add_param_group(group);
    }

    // Fills a new group's gaps from the defaults, and makes a state for each of its parameters.
    private protected void Add(ParamGroup group)
    {
        group.Options ??= _rule.NewOptions();
        _rule.Check(group.Options);
        group.Options.Fill(_defaults);
        Parameter[] parameters = [.. group.Parameters];
        group.Parameters = parameters;
        _parameter_groups.Add(group);
        foreach (var p in parameters)
        {
            var state = _rule.NewState(p);
            _state[p.Handle] = state;
            state.Initialize(group.Options);
        }
        Members(group);
    }

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    /// <summary>Fills the gradients with zeros, in place: they stay, unlike after Module.zero_grad.</summary>
    public override void zero_grad()
    {
        foreach (var group in _parameter_groups) Members(group).Fused.ZeroGradients();
    }

    /// <summary>Moves the states (not the parameters) to a device.</summary>
    public void to(torch.Device device)
    {
        foreach (var group in _parameter_groups)
            foreach (var state in Members(group).States) state.to(device);
    }

    public virtual StateDictionary state_dict()
    {
        var dict = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dict.Options.Add(group.Options);
            var places = new List<int>();
            dict.StateIndexRef.Add(places);
            foreach (var state in Members(group).States)
            {
                places.Add(dict.State.Count);
                dict.State.Add(state);
            }
        }
        return dict;
    }

    /// <summary>Copies the options and states of another optimizer of the same kind.</summary>
    /// <exception cref="ArgumentException">Groups or parameters differ in number.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (var k = 0; k < own.Options.Count; k++)
            if (own.Options[k] != state_dict.Options[k]) own.Options[k].LoadStateDict(state_dict.Options[k]);
        for (var k = 0; k < own.State.Count; k++)
            if (own.State[k] != state_dict.State[k]) own.State[k].LoadStateDict(state_dict.State[k]);
    }

    private static void CheckCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count)
            throw new ArgumentException($"Invalid optimizer state -- different number of parameter groups: expected "
                + $"{own.Options.Count}, got {groups}");
        if (states != own.State.Count)
            throw new ArgumentException($"Invalid optimizer state -- different number of states: expected {own.State.Count}, "
                + $"got {states}");
    }

    /// <summary>Writes to a temporary file beside the target, which it then replaces.</summary>
    public void save_state_dict(string location) => AtomicFile.Write(location, stream =>
    {
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    });

    /// <summary>The optimizer's name, LEB128 counts of groups and states, the options, the states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        var dict = state_dict();
        writer.Encode(dict.Options.Count);
        writer.Encode(dict.State.Count);
        foreach (var options in dict.Options) options.SaveStateDict(writer);
        foreach (var state in dict.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    /// <exception cref="InvalidDataException">The file is another optimizer's.</exception>
    /// <exception cref="ArgumentException">Groups or parameters differ in number, or shapes.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var name = reader.ReadString();
        if (name != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}' in "
                + $"the loaded stream.");
        var own = state_dict();
        var groups = reader.Decode();
        CheckCounts(own, groups, reader.Decode());
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
    }
}
