namespace TorchSharp.Modules;

/// <summary>
/// L-BFGS (Nocedal and Wright 2006, algorithm 7.5) without a line search: every step evaluates the closure up to max_iter times
/// and moves along the two-loop direction with the fixed rate (the first time: min(1, 1 / |g|_1) times it).
/// </summary>
public class LBFGS : torch.optim.Optimizer, torch.optim.ILearningRateController
{
    public double _rate;

    private readonly Parameter[] _parameters;
    private readonly ParamGroup _group;
    private readonly long _maxIterations;
    private readonly long _maxEvaluations;
    private readonly double _gradientTolerance;
    private readonly double _changeTolerance;
    private readonly long _historySize;

    private readonly List<(torch.Tensor Change, torch.Tensor Step, double Inverse)> _history = [];
    private torch.Tensor? _direction;
    private torch.Tensor? _lastGradient;
    private double _scale = 1;
    private double _lastRate;
    private long _iterations;

    internal LBFGS(IEnumerable<Parameter> parameters, double lr, long max_iter, long? max_eval, double tolerange_grad,
        double tolerance_change, long history_size)
    {
        OptimizerChecks.Rates(lr);
        _parameters = [.. parameters];
        _rate = lr;
        _group = new ParamGroup { Parameters = _parameters, Options = new() { LearningRate = lr, InitialLearningRate = lr } };
        _parameter_groups.Add(_group);
        _maxIterations = max_iter;
        _maxEvaluations = max_eval ?? max_iter * 5 / 4;
        (_gradientTolerance, _changeTolerance, _historySize) = (tolerange_grad, tolerance_change, history_size);
    }

    public double LearningRate
    {
        get => _rate;
        set
        {
            _rate = value;
            _group.LearningRate = value;
        }
    }

    public double InitialLearningRate
    {
        get => _group.InitialLearningRate;
        set => _group.InitialLearningRate = value;
    }

    /// <summary>One group. A rate set there is the one that the next step takes.</summary>
    public override IEnumerable<torch.optim.ILearningRateController> ParamGroups => [_group];

    /// <summary>
    /// Moves the parameters; the closure computes the loss and its gradients. Returns the loss from before the step.
    /// </summary>
    /// <exception cref="ArgumentNullException">There is no closure.</exception>
    public override torch.Tensor step(Func<torch.Tensor>? closure)
    {
        if (closure is null) throw new ArgumentNullException(nameof(closure),
            "'closure' must be non-null when using the LBFGS optimizer: it evaluates the loss several times a step");
        _rate = _group.LearningRate;
        using var off = new NoGrad();
        using var scope = torch.NewDisposeScope();
        var first = Evaluate(closure).MoveToOuterDisposeScope();
        var loss = first.ToDouble();
        var gradient = Gradient();
        if (Largest(gradient) > _gradientTolerance) Iterate(closure, loss, gradient);
        _direction?.DetachFromDisposeScope();
        _lastGradient?.DetachFromDisposeScope();
        foreach (var (change, step, _) in _history)
        {
            change.DetachFromDisposeScope();
            step.DetachFromDisposeScope();
        }
        return first;
    }

    private void Iterate(Func<torch.Tensor> closure, double loss, torch.Tensor gradient)
    {
        long evaluations = 1;
        for (long n = 1; n <= _maxIterations; n++)
        {
            _iterations++;
            Replace(ref _direction, _iterations == 1 ? gradient.neg() : Direction(gradient));
            Replace(ref _lastGradient, gradient.clone());
            _lastRate = _iterations == 1 ? Math.Min(1, 1 / gradient.abs().sum().ToDouble()) * _rate : _rate;
            if (gradient.dot(_direction!).ToDouble() > -_changeTolerance) return;
            Move(_direction!, _lastRate);
            var lossBefore = loss;
            if (n < _maxIterations)
            {
                using (var evaluated = Evaluate(closure)) loss = evaluated.ToDouble();
                gradient = Gradient();
                evaluations++;
                if (Largest(gradient) <= _gradientTolerance) return;
            }
            if (evaluations >= _maxEvaluations || Largest(_direction!) * _lastRate <= _changeTolerance
                || Math.Abs(loss - lossBefore) < _changeTolerance) return;
        }
    }

    // The last step enters the history where it curves upwards; then the two loops apply the inverse Hessian to -g.
    private torch.Tensor Direction(torch.Tensor gradient)
    {
        var change = gradient.sub(_lastGradient!);
        var step = _direction!.mul(_lastRate);
        var curvature = change.dot(step).ToDouble();
        if (curvature > 1e-10)
        {
            if (_history.Count == _historySize)
            {
                _history[0].Change.Dispose();
                _history[0].Step.Dispose();
                _history.RemoveAt(0);
            }
            _history.Add((change, step, 1 / curvature));
            _scale = curvature / change.dot(change).ToDouble();
        }
        var q = gradient.neg();
        var alpha = new double[_history.Count];
        for (var k = _history.Count - 1; k >= 0; k--)
        {
            alpha[k] = _history[k].Step.dot(q).ToDouble() * _history[k].Inverse;
            q.add_(_history[k].Change, alpha: -alpha[k]);
        }
        q.mul_(_scale);
        for (var k = 0; k < _history.Count; k++)
        {
            var beta = _history[k].Change.dot(q).ToDouble() * _history[k].Inverse;
            q.add_(_history[k].Step, alpha: alpha[k] - beta);
        }
        return q;
    }

    private static torch.Tensor Evaluate(Func<torch.Tensor> closure)
    {
        using var on = torch.enable_grad();
        return closure();
    }

    private torch.Tensor Gradient() =>
        torch.cat(_parameters.Select(p => (p.grad ?? torch.zeros_like(p)).reshape(-1)).ToArray());

    private static double Largest(torch.Tensor t) => t.abs().max().ToDouble();

    private void Move(torch.Tensor direction, double rate)
    {
        long at = 0;
        foreach (var p in _parameters)
        {
            p.add_(direction.narrow(0, at, p.numel()).view_as(p), alpha: rate);
            at += p.numel();
        }
    }

    private static void Replace(ref torch.Tensor? field, torch.Tensor value)
    {
        field?.Dispose();
        field = value;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _direction?.Dispose();
        _lastGradient?.Dispose();
        foreach (var (change, step, _) in _history)
        {
            change.Dispose();
            step.Dispose();
        }
        _history.Clear();
    }
}
