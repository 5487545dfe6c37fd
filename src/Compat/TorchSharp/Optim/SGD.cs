namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent: p -= lr g; with momentum p -= lr b, b = momentum b + (1 - dampening) g, where b starts as the
/// first gradient (Nesterov: p -= lr (g + momentum b)). Weight decay is added to the gradient.
/// </summary>
public class SGD : OptimizerHelper, torch.optim.IMomentum
{
    private readonly Action<Modules.ParamGroup> _update;

    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening", nameof(nesterov));
        OptimizerChecks.Rates(lr, weight_decay: weight_decay, momentum: momentum);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
        _update = Update;
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        Add<Options>(param_group, Options.Fill, p => new State(p));

    public override torch.Tensor step(Func<torch.Tensor>? closure = null) => _step(_update, closure);

    private void Update(Modules.ParamGroup group)
    {
        var o = (Options)group.Options;
        var members = Members(group);
        var (momentum, lr) = (o.momentum!.Value, o.LearningRate!.Value);
        var remembers = momentum != 0;
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            var state = (State)members.States[k];
            // A buffer of zeros that takes over the whole first gradient; it goes again where there was none.
            var first = remembers && state.momentum_buffer is null;
            if (first) state.momentum_buffer = state.NewBuffer();
            members.Fused.SetStates(k, remembers ? state.momentum_buffer : null);
            members.Fused.SetScalars(k, o.maximize!.Value ? -1 : 1, o.weight_decay!.Value, 1,
                lr, first ? 0 : momentum, first ? 1 : 1 - o.dampening!.Value, momentum);
            state.IsFirst = first;
        }
        var left = members.Fused.Run(!remembers ? FusedStep.Algorithm.Sgd
            : o.nesterov!.Value ? FusedStep.Algorithm.SgdNesterov : FusedStep.Algorithm.SgdMomentum);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            var state = (State)members.States[k];
            if (members.Fused[k] == FusedStep.Status.NoGradient && state.IsFirst) state.Initialize(o);
            else if (left && members.Fused[k] == FusedStep.Status.NotFused) WithOperators(members.Parameters[k], state, o);
        }
    }

    private static void WithOperators(Parameter p, State state, Options o)
    {
        var momentum = o.momentum!.Value;
        var g = o.maximize!.Value ? p.grad!.neg() : p.grad!;
        if (o.weight_decay != 0) g = g.add(p, alpha: o.weight_decay!.Value);
        if (momentum != 0)
        {
            var buffer = state.momentum_buffer!;
            if (state.IsFirst) buffer.copy_(g);
            else buffer.mul_(momentum).add_(g, alpha: 1 - o.dampening!.Value);
            g = o.nesterov!.Value ? g.add(buffer, alpha: momentum) : buffer;
        }
        p.add_(g, alpha: -o.LearningRate!.Value);
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        internal static void Fill(Options o, Options defaults)
        {
            o.momentum ??= defaults.momentum;
            o.dampening ??= defaults.dampening;
            o.weight_decay ??= defaults.weight_decay;
            o.nesterov ??= defaults.nesterov;
            o.maximize ??= defaults.maximize;
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            momentum = other.momentum;
            dampening = other.dampening;
            weight_decay = other.weight_decay;
            nesterov = other.nesterov;
            maximize = other.maximize;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum!.Value);
            writer.Write(dampening!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }
    }

    public class ParamGroup : ParamGroup<Options>, torch.optim.IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public torch.Tensor? momentum_buffer;

        internal bool IsFirst;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal torch.Tensor NewBuffer() => Zeros();

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            momentum_buffer = null;
            IsFirst = false;
        }

        public void Dispose()
        {
            momentum_buffer?.Dispose();
        }

        public override void to(torch.Device device)
        {
            MoveOptional(ref momentum_buffer, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            SaveConditionalStateTensor(writer, momentum_buffer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            CopyOptional(ref momentum_buffer, other.momentum_buffer);
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State s
            && Close(momentum_buffer, s.momentum_buffer);
    }
}
