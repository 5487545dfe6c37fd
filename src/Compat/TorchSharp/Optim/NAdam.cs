namespace TorchSharp.Modules;

/// <summary>
/// NAdam (Dozat 2016): Adam with Nesterov momentum, whose first moment's weight follows mu_t = beta1 (1 - 0.5 0.96^(t
/// momentum_decay)). Weight decay is added to the gradient.
/// </summary>
public class NAdam : OptimizerHelper, torch.optim.IBetas
{
    private readonly Action<Modules.ParamGroup> _update;

    public NAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
    {
    }

    public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
    {
        OptimizerChecks.Rates(lr, eps, weight_decay, beta1, beta2);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            momentum_decay = momentum_decay,
        };
        foreach (var group in parameters) add_param_group(group);
        _update = Update;
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        Add<Options>(param_group, Options.Fill, p => new State(p));

    public override torch.Tensor step(Func<torch.Tensor>? closure = null) => _step(_update, closure);

    private void Update(Modules.ParamGroup group)
    {
        var o = (Options)group.Options;
        var members = Members(group);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            var state = (State)members.States[k];
            var rates = Rates(o, state, state.step + 1);
            members.Fused.SetStates(k, state.exp_avg, state.exp_avg_sq);
            members.Fused.SetScalars(k, 1, o.weight_decay!.Value, 1, o.beta1!.Value, 1 - o.beta1!.Value, o.beta2!.Value,
                1 - o.beta2!.Value, 1 / rates.Correction, o.eps!.Value, rates.OfGradient, rates.OfMean);
        }
        members.Fused.Run(FusedStep.Algorithm.NAdam);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            if (members.Fused[k] == FusedStep.Status.NoGradient) continue;
            var state = (State)members.States[k];
            state.step++;
            var rates = Rates(o, state, state.step);
            state.mu_product *= rates.Mu;
            if (members.Fused[k] == FusedStep.Status.NotFused) WithOperators(members.Parameters[k], state, o, rates);
        }
    }

    private static (double Correction, double OfGradient, double OfMean, double Mu) Rates(Options o, State state, long step)
    {
        var (lr, beta1, decay) = (o.LearningRate!.Value, o.beta1!.Value, o.momentum_decay!.Value);
        var mu = beta1 * (1 - 0.5 * Math.Pow(0.96, step * decay));
        var next = beta1 * (1 - 0.5 * Math.Pow(0.96, (step + 1) * decay));
        var product = state.mu_product * mu;
        return (1 - Math.Pow(o.beta2!.Value, step), lr * (1 - mu) / (1 - product), lr * next / (1 - product * next), mu);
    }

    private static void WithOperators(Parameter p, State state, Options o,
        (double Correction, double OfGradient, double OfMean, double Mu) rates)
    {
        var g = o.weight_decay == 0 ? p.grad! : p.grad!.add(p, alpha: o.weight_decay!.Value);
        state.exp_avg.mul_(o.beta1!.Value).add_(g, alpha: 1 - o.beta1!.Value);
        state.exp_avg_sq.mul_(o.beta2!.Value).addcmul_(g, g, 1 - o.beta2!.Value);
        var root = state.exp_avg_sq.div(rates.Correction).sqrt_().add_(o.eps!.Value);
        p.addcdiv_(g, root, -rates.OfGradient);
        p.addcdiv_(state.exp_avg, root, -rates.OfMean);
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public double? momentum_decay;

        internal static void Fill(Options o, Options defaults)
        {
            o.beta1 ??= defaults.beta1;
            o.beta2 ??= defaults.beta2;
            o.eps ??= defaults.eps;
            o.weight_decay ??= defaults.weight_decay;
            o.momentum_decay ??= defaults.momentum_decay;
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            eps = other.eps;
            weight_decay = other.weight_decay;
            momentum_decay = other.momentum_decay;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            momentum_decay = reader.ReadDouble();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(momentum_decay!.Value);
        }
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
            : base(parameters, new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                momentum_decay = momentum_decay,
            })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public double mu_product;
        public torch.Tensor exp_avg = null!;
        public torch.Tensor exp_avg_sq = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            mu_product = 1;
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
        }

        public override void to(torch.Device device)
        {
            Move(ref exp_avg, device);
            Move(ref exp_avg_sq, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            writer.Write(mu_product);
            Write(writer, exp_avg);
            Write(writer, exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            mu_product = reader.ReadDouble();
            Read(reader, exp_avg, nameof(exp_avg));
            Read(reader, exp_avg_sq, nameof(exp_avg_sq));
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            mu_product = other.mu_product;
            Copy(ref exp_avg, other.exp_avg);
            Copy(ref exp_avg_sq, other.exp_avg_sq);
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State s && step == s.step
            && mu_product == s.mu_product && Close(exp_avg, s.exp_avg) && Close(exp_avg_sq, s.exp_avg_sq);
    }
}
