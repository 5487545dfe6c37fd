namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent (Robbins and Monro 1951): p -= lr g. With momentum (Polyak 1964) p -= lr b, where b starts as the
/// first gradient and then is momentum b + (1 - dampening) g; nesterov (Sutskever et al. 2013): p -= lr (g + momentum b). Weight
/// decay is added to the gradient.
/// </summary>
public class SGD : OptimizerHelper, torch.optim.IMomentum
{
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <exception cref="ArgumentException">
    /// The rate, the weight decay or the momentum is negative, or nesterov stands without momentum or with dampening.
    /// </exception>
    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : base(new Rule(), new Options(lr, momentum, dampening, weight_decay, nesterov, maximize))
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening", nameof(nesterov));
        OptimizerChecks.Rates(lr, weight_decay: weight_decay, momentum: momentum);
        AddGroups(parameters);
    }

    public double Momentum
    {
        get => ((Options)_defaults).Momentum;
        set => ((Options)_defaults).Momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => Add(param_group);

    public override torch.Tensor step(Func<torch.Tensor>? closure = null) => Step(closure);

    private sealed class Rule : SingleRule<Options, State>
    {
        internal override State NewState(Parameter parameter) => new(parameter);

        protected override FusedStep.Algorithm Algorithm(Options o) => o.momentum == 0 ? FusedStep.Algorithm.Sgd
            : o.nesterov!.Value ? FusedStep.Algorithm.SgdNesterov : FusedStep.Algorithm.SgdMomentum;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            var momentum = o.momentum!.Value;
            var remembers = momentum != 0;
            // A buffer of zeros that takes over the whole first gradient; it goes again where there was none.
            var first = remembers && state.momentum_buffer is null;
            if (first) state.momentum_buffer = state.NewBuffer();
            state.IsFirst = first;
            fused.SetStates(k, remembers ? state.momentum_buffer : null);
            fused.SetScalars(k, o.maximize!.Value ? -1 : 1, o.weight_decay!.Value, 1,
                o.LearningRate!.Value, first ? 0 : momentum, first ? 1 : 1 - o.dampening!.Value, momentum);
        }

        protected override void Skip(State state, Options o)
        {
            if (state.IsFirst) state.Initialize(o);
        }

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var momentum = o.momentum!.Value;
            var g = Gradient(p, o.weight_decay!.Value, o.maximize!.Value);
            if (momentum != 0)
            {
                var buffer = state.momentum_buffer!;
                if (state.IsFirst) buffer.copy_(g);
                else buffer.mul_(momentum).add_(g, alpha: 1 - o.dampening!.Value);
                g = o.nesterov!.Value ? g.add(buffer, alpha: momentum) : buffer;
            }
            p.add_(g, alpha: -o.LearningRate!.Value);
        }
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public Options()
        {
        }

        internal Options(double lr, double momentum, double dampening, double weight_decay, bool nesterov, bool maximize)
            : base(lr)
        {
            (this.momentum, this.dampening, this.weight_decay, this.nesterov, this.maximize) =
                (momentum, dampening, weight_decay, nesterov, maximize);
        }

        internal double Momentum
        {
            get => momentum!.Value;
            set => momentum = value;
        }

        private protected override void Each(Pass pass, OptimizerOptions other)
        {
            var o = (Options)other;
            pass.Setting(ref momentum, o.momentum);
            pass.Setting(ref dampening, o.dampening);
            pass.Setting(ref weight_decay, o.weight_decay);
            pass.Setting(ref nesterov, o.nesterov);
            pass.Setting(ref maximize, o.maximize);
        }

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerOptions source) => Load(source);
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
            : base(parameters, new Options(lr, momentum, dampening, weight_decay, nesterov, maximize))
        {
        }

        public double Momentum
        {
            get => Options.Momentum;
            set => Options.Momentum = value;
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public torch.Tensor? momentum_buffer;

        internal bool IsFirst;

        internal torch.Tensor NewBuffer() => Zeros();

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Optional(ref momentum_buffer, o.momentum_buffer);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Reset();
            IsFirst = false;
        }

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
