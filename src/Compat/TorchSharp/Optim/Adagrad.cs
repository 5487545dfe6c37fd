namespace TorchSharp.Modules;

/// <summary>
/// Adagrad (Duchi et al. 2011): p -= lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps), s the sum of squared gradients. Weight
/// decay is added to the gradient.
/// </summary>
public class Adagrad : OptimizerHelper
{
    private readonly Action<Modules.ParamGroup> _update;

    public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1E-10)
        : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1E-10)
    {
        OptimizerChecks.Rates(lr, eps, weight_decay);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            lr_decay = lr_decay,
            initial_accumulator_value = initial_accumulator_value,
            eps = eps,
            weight_decay = weight_decay,
        };
        foreach (var group in parameters) add_param_group(group);
        _update = Update;
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
            members.Fused.SetStates(k, state.sum);
            members.Fused.SetScalars(k, 1, o.weight_decay!.Value, 1,
                Rate(o, state.step + 1), o.eps!.Value);
        }
        members.Fused.Run(FusedStep.Algorithm.Adagrad);
        for (var k = 0; k < members.Parameters.Length; k++)
        {
            if (members.Fused[k] == FusedStep.Status.NoGradient) continue;
            var state = (State)members.States[k];
            state.step++;
            if (members.Fused[k] == FusedStep.Status.NotFused) WithOperators(members.Parameters[k], state, o);
        }
    }

    private static double Rate(Options o, long step) => o.LearningRate!.Value / (1 + (step - 1) * o.lr_decay!.Value);

    private static void WithOperators(Parameter p, State state, Options o)
    {
        var g = o.weight_decay == 0 ? p.grad! : p.grad!.add(p, alpha: o.weight_decay!.Value);
        state.sum.addcmul_(g, g, 1);
        p.addcdiv_(g, state.sum.sqrt().add_(o.eps!.Value), -Rate(o, state.step));
    }

    /// <summary>Settings of a group; what is null is taken from the optimizer.</summary>
    public class Options : OptimizerOptions
    {
        public double? lr_decay;
        public double? initial_accumulator_value;
        public double? eps;
        public double? weight_decay;

        internal static void Fill(Options o, Options defaults)
        {
            o.lr_decay ??= defaults.lr_decay;
            o.initial_accumulator_value ??= defaults.initial_accumulator_value;
            o.eps ??= defaults.eps;
            o.weight_decay ??= defaults.weight_decay;
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            lr_decay = other.lr_decay;
            initial_accumulator_value = other.initial_accumulator_value;
            eps = other.eps;
            weight_decay = other.weight_decay;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            lr_decay = reader.ReadDouble();
            initial_accumulator_value = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(lr_decay!.Value);
            writer.Write(initial_accumulator_value!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
        }
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
            : base(parameters, new Options
            {
                LearningRate = lr,
                lr_decay = lr_decay,
                weight_decay = weight_decay,
                initial_accumulator_value = initial_accumulator_value,
                eps = eps,
            })
        {
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public torch.Tensor sum = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            sum = Filled(((Options)options).initial_accumulator_value!.Value);
        }

        public void Dispose()
        {
            sum?.Dispose();
        }

        public override void to(torch.Device device)
        {
            Move(ref sum, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            Write(writer, sum);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            Read(reader, sum, nameof(sum));
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Copy(ref sum, other.sum);
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State s && step == s.step && Close(sum, s.sum);
    }
}
