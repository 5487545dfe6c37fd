namespace TorchSharp.Modules;

/// <summary>
/// RMSProp (Hinton's lecture 6e, 2012; centred: Graves 2013): p -= lr g / (sqrt(v) + eps), v the running mean of the squared
/// gradient, less the squared running mean of the gradient where centred. Weight decay is added to the gradient.
/// </summary>
public class RMSProp : OptimizerHelper, torch.optim.IMomentum
{
    private readonly Action<Modules.ParamGroup> _update;

    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08,
        double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08,
        double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        OptimizerChecks.Rates(lr, eps, weight_decay, momentum: momentum);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            maximize = maximize,
            momentum = momentum,
            alpha = alpha,
            eps = eps,
            weight_decay = weight_decay,
            centered = centered,
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
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            var state = (State)members.States[k];
            members.Fused.SetStates(k, state.square_avg, o.momentum > 0 ? state.momentum_buffer : null,
                o.centered!.Value ? state.grad_avg : null);
            members.Fused.SetScalars(k, o.maximize!.Value ? -1 : 1, o.weight_decay!.Value, 1,
                o.alpha!.Value, 1 - o.alpha!.Value, o.eps!.Value, o.LearningRate!.Value, o.momentum!.Value);
        }
        members.Fused.Run(o.centered!.Value ? FusedStep.Algorithm.RmsPropCentered : FusedStep.Algorithm.RmsProp);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            if (members.Fused[k] == FusedStep.Status.NoGradient) continue;
            var state = (State)members.States[k];
            state.step++;
            if (members.Fused[k] == FusedStep.Status.NotFused) WithOperators(members.Parameters[k], state, o);
        }
    }

    private static void WithOperators(Parameter p, State state, Options o)
    {
        var (alpha, lr) = (o.alpha!.Value, o.LearningRate!.Value);
        var g = o.maximize!.Value ? p.grad!.neg() : p.grad!;
        if (o.weight_decay != 0) g = g.add(p, alpha: o.weight_decay!.Value);
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

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? momentum;
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public bool? centered;

        internal static void Fill(Options o, Options defaults)
        {
            o.maximize ??= defaults.maximize;
            o.momentum ??= defaults.momentum;
            o.alpha ??= defaults.alpha;
            o.eps ??= defaults.eps;
            o.weight_decay ??= defaults.weight_decay;
            o.centered ??= defaults.centered;
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            maximize = other.maximize;
            momentum = other.momentum;
            alpha = other.alpha;
            eps = other.eps;
            weight_decay = other.weight_decay;
            centered = other.centered;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            maximize = reader.ReadBoolean();
            momentum = reader.ReadDouble();
            alpha = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            centered = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(maximize!.Value);
            writer.Write(momentum!.Value);
            writer.Write(alpha!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(centered!.Value);
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1E-08, double alpha = 0.99,
            double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                eps = eps,
                alpha = alpha,
                weight_decay = weight_decay,
                momentum = momentum,
                centered = centered,
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
        public long step;
        public torch.Tensor square_avg = null!;
        public torch.Tensor momentum_buffer = null!;
        public torch.Tensor grad_avg = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            square_avg = Zeros();
            momentum_buffer = Zeros();
            grad_avg = Zeros();
        }

        public void Dispose()
        {
            square_avg?.Dispose();
            momentum_buffer?.Dispose();
            grad_avg?.Dispose();
        }

        public override void to(torch.Device device)
        {
            Move(ref square_avg, device);
            Move(ref momentum_buffer, device);
            Move(ref grad_avg, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            Write(writer, square_avg);
            SaveConditionalStateTensor(writer, momentum_buffer);
            SaveConditionalStateTensor(writer, grad_avg);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            Read(reader, square_avg, nameof(square_avg));
            LoadConditionalStateTensor(reader, ref momentum_buffer!, _parameter.device);
            LoadConditionalStateTensor(reader, ref grad_avg!, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Copy(ref square_avg, other.square_avg);
            Copy(ref momentum_buffer, other.momentum_buffer);
            Copy(ref grad_avg, other.grad_avg);
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State s && step == s.step
            && Close(square_avg, s.square_avg) && Close(momentum_buffer, s.momentum_buffer) && Close(grad_avg, s.grad_avg);
    }
}
