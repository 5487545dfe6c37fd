namespace TorchSharp.Modules;

/// <summary>
/// Adagrad (Duchi et al. 2011): p -= lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps), s the sum of squared gradients, which
/// starts at initial_accumulator_value. Weight decay is added to the gradient.
/// </summary>
public class Adagrad : OptimizerHelper
{
    public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1E-10)
        : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    /// <exception cref="ArgumentException">The rate, eps or the weight decay is negative.</exception>
    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1E-10)
        : base(new Rule(), new Options(lr, lr_decay, weight_decay, initial_accumulator_value, eps))
    {
        OptimizerChecks.Rates(lr, eps, weight_decay);
        AddGroups(parameters);
    }

    public override void add_param_group(Modules.ParamGroup param_group) => Add(param_group);

    public override torch.Tensor step(Func<torch.Tensor>? closure = null) => Step(closure);

    private sealed class Rule : SingleRule<Options, State>
    {
        internal override State NewState(Parameter parameter) => new(parameter);

        protected override FusedStep.Algorithm Algorithm(Options o) => FusedStep.Algorithm.Adagrad;

        protected override void Prepare(FusedStep fused, int k, State state, Options o)
        {
            fused.SetStates(k, state.sum);
            fused.SetScalars(k, 1, o.weight_decay!.Value, 1, Rate(o, state.step + 1), o.eps!.Value);
        }

        protected override void Advance(State state, Options o) => state.step++;

        protected override void WithOperators(Parameter p, State state, Options o)
        {
            var g = Gradient(p, o.weight_decay!.Value);
            state.sum.addcmul_(g, g, 1);
            p.addcdiv_(g, state.sum.sqrt().add_(o.eps!.Value), -Rate(o, state.step));
        }

        private static double Rate(Options o, long step) => o.LearningRate!.Value / (1 + (step - 1) * o.lr_decay!.Value);
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? lr_decay;
        public double? initial_accumulator_value;
        public double? eps;
        public double? weight_decay;

        public Options()
        {
        }

        internal Options(double lr, double lr_decay, double weight_decay, double initial_accumulator_value, double eps)
            : base(lr)
        {
            (this.lr_decay, this.weight_decay, this.initial_accumulator_value, this.eps) =
                (lr_decay, weight_decay, initial_accumulator_value, eps);
        }

        private protected override void Each(Pass pass, OptimizerOptions other)
        {
            var o = (Options)other;
            pass.Setting(ref lr_decay, o.lr_decay);
            pass.Setting(ref initial_accumulator_value, o.initial_accumulator_value);
            pass.Setting(ref eps, o.eps);
            pass.Setting(ref weight_decay, o.weight_decay);
        }

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerOptions source) => Load(source);
    }

    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
            double initial_accumulator_value = 0, double eps = 1E-10)
            : base(parameters, new Options(lr, lr_decay, weight_decay, initial_accumulator_value, eps))
        {
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public torch.Tensor sum = null!;

        private protected override void Each(Pass pass, OptimizerState other)
        {
            var o = (State)other;
            pass.Number(ref step, o.step);
            pass.Tensor(ref sum, o.sum);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Reset();
            sum.fill_(((Options)options).initial_accumulator_value!.Value);
        }

        public void Dispose() => Free();
        public override void to(torch.Device device) => Move(device);
        public override void SaveStateDict(BinaryWriter writer) => Save(writer);
        public override void LoadStateDict(BinaryReader reader) => Load(reader);
        public override void LoadStateDict(OptimizerState source) => Load(source);
        public override bool ApproximatelyEquals(OptimizerState other) => IsClose(other);
    }
}
