namespace TorchSharp.Modules;

/// <summary>
/// RAdam (Liu et al. 2020, algorithm 2): Adam whose division by the second moment waits until that moment's variance is
/// tractable, and is then rectified. With rho = 2 / (1 - beta2) - 1 and rho_t = rho - 2 t beta2^t / (1 - beta2^t):
/// p -= lr r m' sqrt(1 - beta2^t) / (sqrt(v) + eps), r^2 = (rho_t - 4)(rho_t - 2) rho / ((rho - 4)(rho - 2) rho_t), where
/// rho_t > 5, else p -= lr m'. Weight decay is added to the gradient.
/// </summary>
public class RAdam : OptimizerHelper, torch.optim.IBetas
{
    public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    /// <exception cref="ArgumentException">A rate or the weight decay is negative, or a beta is not in [0, 1).</exception>
    public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
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

        protected override FusedStep.Algorithm Algorithm(Options o) => FusedStep.Algorithm.RAdam;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            var rates = Rates(o, state.step + 1);
            fused.SetStates(k, state.exp_avg, state.exp_avg_sq);
            fused.SetScalars(k, 1, o.weight_decay!.Value, 1,
                o.beta1!.Value, 1 - o.beta1!.Value, o.beta2!.Value, 1 - o.beta2!.Value, o.eps!.Value, rates.Divided, rates.Plain);
        }

        protected override void Advance(State state, Options o) => state.step++;

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var g = Gradient(p, o.weight_decay!.Value);
            state.exp_avg.mul_(o.beta1!.Value).add_(g, alpha: 1 - o.beta1!.Value);
            state.exp_avg_sq.mul_(o.beta2!.Value).addcmul_(g, g, 1 - o.beta2!.Value);
            var rates = Rates(o, state.step);
            if (rates.Divided == 0) p.add_(state.exp_avg, alpha: -rates.Plain);
            else p.addcdiv_(state.exp_avg, state.exp_avg_sq.sqrt().add_(o.eps!.Value), -rates.Divided);
        }

        // The rate where the mean is divided by the root of the second moment, and the rate where it is not; one of them is 0.
        private static (double Divided, double Plain) Rates(Options o, long step)
        {
            var beta2 = o.beta2!.Value;
            var correction = 1 - Math.Pow(beta2, step);
            var rate = o.LearningRate!.Value / (1 - Math.Pow(o.beta1!.Value, step));
            var longest = 2 / (1 - beta2) - 1;
            var length = longest - 2 * step * Math.Pow(beta2, step) / correction;
            if (length <= 5) return (0, rate);
            var rectified = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            return (rate * rectified * Math.Sqrt(correction), 0);
        }
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
        public torch.Tensor exp_avg_sq = null!;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Tensor(ref exp_avg, o.exp_avg);
            pass.Tensor(ref exp_avg_sq, o.exp_avg_sq);
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
