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
                /// Up from base_lr to max_lr and down again, in triangles; the momentum the other way round (Smith 2017).
                /// </summary>
                public class CyclicLR : LRScheduler
                {
                    public enum Mode
                    {
                        Triangular = 0,
                        Triangular2 = 1,
                        ExpRange = 2,
                    }

                    public enum ScaleMode
                    {
                        Cycle = 0,
                        Iterations = 1,
                    }

                    private readonly double[] _max;
                    private readonly double[] _baseMomentum;
                    private readonly double[] _maxMomentum;
                    private readonly double _length;
                    private readonly double _upShare;
                    private readonly Func<double, double> _scale;
                    private readonly bool _scaleByCycle;
                    private readonly bool _cyclesMomentum;

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000,
                        int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1, Func<double,
                        double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true,
                        double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => base_lr), optimizer.ParamGroups.Select(_ => max_lr),
                            step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum,
                            optimizer.ParamGroups.Select(_ => base_momentum), optimizer.ParamGroups.Select(_ => max_momentum),
                            last_epoch, verbose)
                    {
                    }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr,
                        int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1,
                        Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true,
                        IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        var groups = _base_lrs.Count;
                        _base_lrs = [.. MomentumCycle.Each(base_lr, 0, groups, nameof(base_lr))];
                        _max = MomentumCycle.Each(max_lr, 0, groups, nameof(max_lr));
                        _length = step_size_up + (step_size_down == -1 ? step_size_up : step_size_down);
                        _upShare = step_size_up / _length;
                        (_scale, _scaleByCycle) = scale_fn is not null ? (scale_fn, scale_mode == ScaleMode.Cycle) : mode switch
                        {
                            Mode.Triangular => (_ => 1.0, true),
                            Mode.Triangular2 => (cycle => Math.Pow(2, 1 - cycle), true),
                            _ => ((Func<double, double>)(iteration => Math.Pow(gamma, iteration)), false),
                        };
                        _cyclesMomentum = cycle_momentum;
                        if (cycle_momentum) MomentumCycle.Require(optimizer);
                        _baseMomentum = MomentumCycle.Each(base_momentum, 0.8, groups, nameof(base_momentum));
                        _maxMomentum = MomentumCycle.Each(max_momentum, 0.9, groups, nameof(max_momentum));
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var cycle = Math.Floor(1 + _last_epoch / _length);
                        var place = 1 + _last_epoch / _length - cycle;
                        var height = place <= _upShare ? place / _upShare : (place - 1) / (_upShare - 1);
                        height *= _scale(_scaleByCycle ? cycle : _last_epoch);
                        if (_cyclesMomentum)
                        {
                            var k = 0;
                            foreach (var group in _optimizer.ParamGroups)
                            {
                                MomentumCycle.Set(group, _maxMomentum[k] - (_maxMomentum[k] - _baseMomentum[k]) * height);
                                k++;
                            }
                        }
                        return _base_lrs.Select((lr, k) => lr + (_max[k] - lr) * height);
                    }
                }
            }
        }
    }
}
