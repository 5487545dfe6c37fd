namespace TorchSharp.Modules;

/// <summary>
/// RAdam (Liu et al. 2020): Adam whose division by the second moment waits until that moment's variance is tractable, then is
/// rectified. Weight decay is added to the gradient.
/// </summary>
public class RAdam : OptimizerHelper, torch.optim.IBetas
{
    private readonly Action<Modules.ParamGroup> _update;

    public RAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0)
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
            var rates = Rates(o, state.step + 1);
            members.Fused.SetStates(k, state.exp_avg, state.exp_avg_sq);
            members.Fused.SetScalars(k, 1, o.weight_decay!.Value, 1,
                o.beta1!.Value, 1 - o.beta1!.Value, o.beta2!.Value, 1 - o.beta2!.Value, o.eps!.Value, rates.Divided, rates.Plain);
        }
        members.Fused.Run(FusedStep.Algorithm.RAdam);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            if (members.Fused[k] == FusedStep.Status.NoGradient) continue;
            var state = (State)members.States[k];
            state.step++;
            if (members.Fused[k] == FusedStep.Status.NotFused) WithOperators(members.Parameters[k], state, o);
        }
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

    private static void WithOperators(Parameter p, State state, Options o)
    {
        var g = o.weight_decay == 0 ? p.grad! : p.grad!.add(p, alpha: o.weight_decay!.Value);
        state.exp_avg.mul_(o.beta1!.Value).add_(g, alpha: 1 - o.beta1!.Value);
        state.exp_avg_sq.mul_(o.beta2!.Value).addcmul_(g, g, 1 - o.beta2!.Value);
        var rates = Rates(o, state.step);
        if (rates.Divided == 0) p.add_(state.exp_avg, alpha: -rates.Plain);
        else p.addcdiv_(state.exp_avg, state.exp_avg_sq.sqrt().add_(o.eps!.Value), -rates.Divided);
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;

        internal static void Fill(Options o, Options defaults)
        {
            o.beta1 ??= defaults.beta1;
            o.beta2 ??= defaults.beta2;
            o.eps ??= defaults.eps;
            o.weight_decay ??= defaults.weight_decay;
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            eps = other.eps;
            weight_decay = other.weight_decay;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
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
            double eps = 1E-08, double weight_decay = 0)
            : base(parameters, new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
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
        public torch.Tensor exp_avg = null!;
        public torch.Tensor exp_avg_sq = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
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
            Write(writer, exp_avg);
            Write(writer, exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            Read(reader, exp_avg, nameof(exp_avg));
            Read(reader, exp_avg_sq, nameof(exp_avg_sq));
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Copy(ref exp_avg, other.exp_avg);
            Copy(ref exp_avg_sq, other.exp_avg_sq);
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State s && step == s.step
            && Close(exp_avg, s.exp_avg) && Close(exp_avg_sq, s.exp_avg_sq);
    }
}
