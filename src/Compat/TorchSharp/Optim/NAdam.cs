namespace TorchSharp.Modules;

/// <summary>
/// NAdam (Dozat 2016): Adam with Nesterov momentum, p -= lr ((1 - mu_t) g / (1 - M_t) + mu_(t+1) m / (1 - M_(t+1))) / (sqrt(v') +
/// eps), with mu_t = beta1 (1 - 0.5 0.96^(t momentum_decay)) and M_t = mu_1 mu_2 ... mu_t. Weight decay is added to the gradient.
/// </summary>
public class NAdam : OptimizerHelper, torch.optim.IBetas
{
    public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
    {
    }

    /// <exception cref="ArgumentException">A rate or the weight decay is negative, or a beta is not in [0, 1).</exception>
    public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
        : base(new Rule(), new Options(lr, beta1, beta2, eps, weight_decay, momentum_decay))
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

        protected override FusedStep.Algorithm Algorithm(Options o) => FusedStep.Algorithm.NAdam;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            var step = state.step + 1;
            var rates = Rates(o, step, state.mu_product * Mu(o, step));
            fused.SetStates(k, state.exp_avg, state.exp_avg_sq);
            fused.SetScalars(k, 1, o.weight_decay!.Value, 1, o.beta1!.Value, 1 - o.beta1!.Value, o.beta2!.Value,
                1 - o.beta2!.Value, 1 / rates.Correction, o.eps!.Value, rates.OfGradient, rates.OfMean);
        }

        protected override void Advance(State state, Options o)
        {
            state.step++;
            state.mu_product *= Mu(o, state.step);
        }

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var rates = Rates(o, state.step, state.mu_product);
            var g = Gradient(p, o.weight_decay!.Value);
            state.exp_avg.mul_(o.beta1!.Value).add_(g, alpha: 1 - o.beta1!.Value);
            state.exp_avg_sq.mul_(o.beta2!.Value).addcmul_(g, g, 1 - o.beta2!.Value);
            var root = state.exp_avg_sq.div(rates.Correction).sqrt_().add_(o.eps!.Value);
            p.addcdiv_(g, root, -rates.OfGradient);
            p.addcdiv_(state.exp_avg, root, -rates.OfMean);
        }

        private static double Mu(Options o, long step) =>
            o.beta1!.Value * (1 - 0.5 * Math.Pow(0.96, step * o.momentum_decay!.Value));

        // The product is that of mu_1 to mu_step.
        private static (double Correction, double OfGradient, double OfMean) Rates(Options o, long step, double product)
        {
            var (lr, mu, next) = (o.LearningRate!.Value, Mu(o, step), Mu(o, step + 1));
            return (1 - Math.Pow(o.beta2!.Value, step), lr * (1 - mu) / (1 - product), lr * next / (1 - product * next));
        }
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public double? momentum_decay;

        public Options()
        {
        }

        internal Options(double lr, double beta1, double beta2, double eps, double weight_decay, double momentum_decay)
            : base(lr)
        {
            (this.beta1, this.beta2, this.eps, this.weight_decay, this.momentum_decay) =
                (beta1, beta2, eps, weight_decay, momentum_decay);
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
            pass.Setting(ref momentum_decay, o.momentum_decay);
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
            double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
            : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, momentum_decay))
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
        public double mu_product;
        public torch.Tensor exp_avg = null!;
        public torch.Tensor exp_avg_sq = null!;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Number(ref mu_product, o.mu_product);
            pass.Tensor(ref exp_avg, o.exp_avg);
            pass.Tensor(ref exp_avg_sq, o.exp_avg_sq);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Reset();
            mu_product = 1;
        }

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
