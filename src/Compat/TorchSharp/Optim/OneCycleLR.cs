namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>
                /// One rise to max_lr, one long fall to almost nothing; the momentum the other way round (Smith and Topin 2018).
                /// </summary>
                public class OneCycleLR : LRScheduler
                {
                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    // A phase ends at a step; rates are multiples of max_lr, and the momentum runs between high (true) and low.
                    private readonly record struct Phase(double End, double FromRate, double ToRate, bool FromHigh, bool ToHigh);

                    private readonly Phase[] _phases;
                    private readonly double[] _max;
                    private readonly double[] _baseMomentum;
                    private readonly double[] _maxMomentum;
                    private readonly AnnealStrategy _strategy;
                    private readonly bool _cyclesMomentum;
                    private readonly int _steps;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1,
                        int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1,
                        bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => max_lr), total_steps, epochs, steps_per_epoch,
                            pct_start, anneal_strategy, cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum),
                            optimizer.ParamGroups.Select(_ => max_momentum), div_factor, final_div_factor, three_phase,
                            last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1,
                        int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true, IEnumerable<double>? base_momentum = null,
                        IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000,
                        bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (pct_start is < 0 or > 1)
                            throw new ArgumentException($"expected pct_start from 0 to 1, got {pct_start}", nameof(pct_start));
                        _steps = total_steps != -1 ? Positive(total_steps, nameof(total_steps))
                            : epochs == -1 && steps_per_epoch == -1
                                ? throw new ArgumentException("You must define either total_steps OR (epochs AND "
                                    + "steps_per_epoch)", nameof(total_steps))
                                : Positive(epochs, nameof(epochs)) * Positive(steps_per_epoch, nameof(steps_per_epoch));
                        var (start, end) = (1 / div_factor, 1 / div_factor / final_div_factor);
                        var up = pct_start * _steps - 1;
                        _phases = three_phase
                            ? [new(up, start, 1, true, false), new(2 * up, 1, start, false, true),
                                new(_steps - 1, start, end, true, true)]
                            : [new(up, start, 1, true, false), new(_steps - 1, 1, end, false, true)];
                        var groups = _base_lrs.Count;
                        _max = MomentumCycle.Each(max_lr, 0, groups, nameof(max_lr));
                        _baseMomentum = MomentumCycle.Each(base_momentum, 0.85, groups, nameof(base_momentum));
                        _maxMomentum = MomentumCycle.Each(max_momentum, 0.95, groups, nameof(max_momentum));
                        (_strategy, _cyclesMomentum) = (anneal_strategy, cycle_momentum);
                        if (cycle_momentum) MomentumCycle.Require(optimizer);
                        step();
                    }

                    private static int Positive(int n, string name) =>
                        n > 0 ? n : throw new ArgumentException($"expected a positive number for {name}, got {n}", name);

                    private double Between(double from, double to, double share) => _strategy == AnnealStrategy.Cos
                        ? to + (from - to) / 2 * (Math.Cos(Math.PI * share) + 1)
                        : (to - from) * share + from;

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _steps)
                            throw new InvalidOperationException($"Tried to step {_last_epoch} times. The specified number of "
                                + $"total steps is {_steps}");
                        var place = 0;
                        while (place < _phases.Length - 1 && _last_epoch > _phases[place].End) place++;
                        var phase = _phases[place];
                        var begin = place == 0 ? 0 : _phases[place - 1].End;
                        var share = (_last_epoch - begin) / (phase.End - begin);
                        if (_cyclesMomentum)
                        {
                            var k = 0;
                            foreach (var group in _optimizer.ParamGroups)
                            {
                                double Momentum(bool high) => high ? _maxMomentum[k] : _baseMomentum[k];
                                MomentumCycle.Set(group, Between(Momentum(phase.FromHigh), Momentum(phase.ToHigh), share));
                                k++;
                            }
                        }
                        return _max.Select(max => Between(max * phase.FromRate, max * phase.ToRate, share));
                    }
                }
            }
        }
    }
}
