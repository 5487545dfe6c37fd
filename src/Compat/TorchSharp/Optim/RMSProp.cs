namespace TorchSharp.Modules;

/// <summary>
/// RMSProp (Hinton's lecture 6e, 2012): p -= lr g / (sqrt(v) + eps), v = alpha v + (1 - alpha) g^2; centred (Graves 2013): v less
/// the squared running mean of the gradient. With momentum p -= lr b, b = momentum b + g / (sqrt(v) + eps). Weight decay is added
/// to the gradient.
/// </summary>
public class RMSProp : OptimizerHelper, torch.optim.IMomentum
{
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08,
        double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    /// <exception cref="ArgumentException">The rate, eps, the weight decay or the momentum is negative.</exception>
    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08,
        double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : base(new Rule(), new Options(lr, alpha, eps, weight_decay, momentum, centered, maximize))
    {
        OptimizerChecks.Rates(lr, eps, weight_decay, momentum: momentum);
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

        protected override FusedStep.Algorithm Algorithm(Options o) =>
            o.centered!.Value ? FusedStep.Algorithm.RmsPropCentered : FusedStep.Algorithm.RmsProp;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            fused.SetStates(k, state.square_avg, o.momentum > 0 ? state.momentum_buffer : null,
                o.centered!.Value ? state.grad_avg : null);
            fused.SetScalars(k, o.maximize!.Value ? -1 : 1, o.weight_decay!.Value, 1,
                o.alpha!.Value, 1 - o.alpha!.Value, o.eps!.Value, o.LearningRate!.Value, o.momentum!.Value);
        }

        protected override void Advance(State state, Options o) => state.step++;

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var (alpha, lr) = (o.alpha!.Value, o.LearningRate!.Value);
            var g = Gradient(p, o.weight_decay!.Value, o.maximize!.Value);
            state.square_avg.mul_(alpha).addcmul_(g, g, 1 - alpha);
            var variance = state.square_avg;
            if (o.centered!.Value)
            {
                state.grad_avg.mul_(alpha).add_(g, alpha: 1 - alpha);
                variance = variance.addcmul(state.grad_avg, state.grad_avg, -1);
            }
            var root = variance.sqrt().add_(o.eps!.Value);
            if (o.momentum > 0) p.add_(state.momentum_buffer.mul_(o.momentum!.Value).addcdiv_(g, root), alpha: -lr);
            else p.addcdiv_(g, root, -lr);
        }
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? momentum;
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public bool? centered;

        public Options()
        {
        }

        internal Options(double lr, double alpha, double eps, double weight_decay, double momentum, bool centered, bool? maximize)
            : base(lr)
        {
            (this.alpha, this.eps, this.weight_decay, this.momentum, this.centered, this.maximize) =
                (alpha, eps, weight_decay, momentum, centered, maximize);
        }

        internal double Momentum
        {
            get => momentum!.Value;
            set => momentum = value;
        }

        private protected override void Each(Pass pass, OptimizerOptions other)
        {
            var o = (Options)other;
            pass.Setting(ref maximize, o.maximize);
            pass.Setting(ref momentum, o.momentum);
            pass.Setting(ref alpha, o.alpha);
            pass.Setting(ref eps, o.eps);
            pass.Setting(ref weight_decay, o.weight_decay);
            pass.Setting(ref centered, o.centered);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1E-08, double alpha = 0.99,
            double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new Options(lr, alpha, eps, weight_decay, momentum, centered, null))
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
        public long step;
        public torch.Tensor square_avg = null!;
        public torch.Tensor momentum_buffer = null!;
        public torch.Tensor grad_avg = null!;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Tensor(ref square_avg, o.square_avg);
            pass.Optional(ref momentum_buffer!, o.momentum_buffer);
            pass.Optional(ref grad_avg!, o.grad_avg);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Reset();
            momentum_buffer = Zeros();
            grad_avg = Zeros();
        }

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
