namespace TorchSharp.Modules;

/// <summary>
/// Adamax (Kingma and Ba 2015, algorithm 2): p -= lr / (1 - beta1^t) m / u, m the running mean of the gradient,
/// u = max(beta2 u, |g| + eps) the decayed maximum of its absolute value. Weight decay is added to the gradient.
/// </summary>
public class Adamax : OptimizerHelper, torch.optim.IBetas
{
    public Adamax(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    /// <exception cref="ArgumentException">A rate or the weight decay is negative, or a beta is not in [0, 1).</exception>
    public Adamax(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0)
        : base(new Rule(), new Options(lr, beta1, beta2, eps, weight_decay))
    {
        OptimizerChecks.Rates(lr, eps, weight_decay, beta1, beta2);
        AddGroups(parameters);
    }

    public (double, double) Betas
    {
        get => ((Options)_defaults).Betas;
        set => ((Options)_defaults).Betas = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) => Add(param_group);

    public override torch.Tensor step(Func<torch.Tensor>? closure = null) => Step(closure);

    private sealed class Rule : SingleRule<Options, State>
    {
        internal override State NewState(Parameter parameter) => new(parameter);

        protected override FusedStep.Algorithm Algorithm(Options o) => FusedStep.Algorithm.Adamax;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            fused.SetStates(k, state.exp_avg, state.exp_inf);
            fused.SetScalars(k, 1, o.weight_decay!.Value, 1,
                o.beta1!.Value, 1 - o.beta1!.Value, o.beta2!.Value, o.eps!.Value, Rate(o, state.step + 1));
        }

        protected override void Advance(State state, Options o) => state.step++;

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var g = Gradient(p, o.weight_decay!.Value);
            state.exp_avg.mul_(o.beta1!.Value).add_(g, alpha: 1 - o.beta1!.Value);
            state.exp_inf.copy_(torch.maximum(state.exp_inf.mul(o.beta2!.Value), g.abs().add_(o.eps!.Value)));
            p.addcdiv_(state.exp_avg, state.exp_inf, -Rate(o, state.step));
        }

        private static double Rate(Options o, long step) => o.LearningRate!.Value / (1 - Math.Pow(o.beta1!.Value, step));
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;

        public Options()
        {
        }

        internal Options(double lr, double beta1, double beta2, double eps, double weight_decay)
            : base(lr)
        {
            (this.beta1, this.beta2, this.eps, this.weight_decay) = (beta1, beta2, eps, weight_decay);
        }

        internal (double, double) Betas
        {
            get => (beta1!.Value, beta2!.Value);
            set => (beta1, beta2) = value;
        }

        private protected override void Each(Pass pass, OptimizerOptions other)
        {
            var o = (Options)other;
            pass.Setting(ref beta1, o.beta1);
            pass.Setting(ref beta2, o.beta2);
            pass.Setting(ref eps, o.eps);
            pass.Setting(ref weight_decay, o.weight_decay);
        }

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerOptions source) => Load(source);
    }

    public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1E-08, double weight_decay = 0)
            : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay))
        {
        }

        public (double, double) Betas
        {
            get => Options.Betas;
            set => Options.Betas = value;
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public torch.Tensor exp_avg = null!;
        public torch.Tensor exp_inf = null!;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Tensor(ref exp_avg, o.exp_avg);
            pass.Tensor(ref exp_inf, o.exp_inf);
        }

        public override void Initialize(OptimizerOptions options) => Reset();

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
