namespace TorchSharp.Modules;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): p *= 1 - lr weight_decay, then p -= lr m' / (sqrt(v') + eps) as
/// <see cref="Adam"/> without decay.
/// </summary>
public class AdamW : OptimizerHelper, torch.optim.IBetas
{
    public AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <exception cref="ArgumentException">A rate or the weight decay is negative, or a beta is not in [0, 1).</exception>
    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : base(new Rule(), new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
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

    private sealed class Rule : AdamRule<Options, State>
    {
        internal override State NewState(Parameter parameter) => new(parameter);

        protected override AdamRates Rates(Options o) => new(o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value,
            o.weight_decay!.Value, Decoupled: true, o.amsgrad!.Value, o.maximize!.Value);

        protected override AdamMoments Moments(State s) => new(s.step, s.exp_avg, s.exp_avg_sq, s.max_exp_avg_sq);

        protected override void Advance(State state, Options o) => state.step++;
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public Options()
        {
        }

        internal Options(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
            : base(lr)
        {
            (this.beta1, this.beta2, this.eps, this.weight_decay, this.amsgrad, this.maximize) =
                (beta1, beta2, eps, weight_decay, amsgrad, maximize);
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
            pass.Setting(ref amsgrad, o.amsgrad);
            pass.Setting(ref maximize, o.maximize);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
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
        public torch.Tensor? max_exp_avg_sq;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Tensor(ref exp_avg, o.exp_avg);
            pass.Tensor(ref exp_avg_sq, o.exp_avg_sq);
            pass.Optional(ref max_exp_avg_sq, o.max_exp_avg_sq);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Reset();
            if (((Options)options).amsgrad!.Value) max_exp_avg_sq = Zeros();
        }

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
