namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplied by factor when a value has not improved for more than patience epochs.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smallerIsBetter;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly double[] _floors;
                    private double _best;
                    private int _badEpochs;
                    private int _cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10,
                        double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null,
                        double eps = 1E-08, bool verbose = false) : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException($"expected a factor below 1, got {factor}", nameof(factor));
                        _smallerIsBetter = mode switch
                        {
                            "min" => true,
                            "max" => false,
                            _ => throw new ArgumentException($"expected a mode \"min\" or \"max\", got \"{mode}\"", nameof(mode)),
                        };
                        _relative = threshold_mode switch
                        {
                            "rel" => true,
                            "abs" => false,
                            _ => throw new ArgumentException($"expected a threshold_mode \"rel\" or \"abs\", got "
                                + $"\"{threshold_mode}\"", nameof(threshold_mode)),
                        };
                        var groups = _base_lrs.Count;
                        if (min_lr is { Count: > 1 } && min_lr.Count != groups)
                            throw new ArgumentException($"expected {groups} least rates, one for each group, got {min_lr.Count}",
                                nameof(min_lr));
                        _floors = min_lr is { Count: > 1 } ? [.. min_lr]
                            : [.. Enumerable.Repeat(min_lr is { Count: 1 } ? min_lr[0] : 0, groups)];
                        (_factor, _threshold, _eps, _patience, _cooldown) = (factor, threshold, eps, patience, cooldown);
                        _best = _smallerIsBetter ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw NoValue();

                    public override void step(int? epoch) => throw NoValue();

                    private static InvalidOperationException NoValue() =>
                        new("step() should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (IsBetter(current))
                        {
                            _best = current;
                            _badEpochs = 0;
                        }
                        else
                        {
                            _badEpochs++;
                        }
                        if (_cooling > 0)
                        {
                            _cooling--;
                            _badEpochs = 0;
                        }
                        if (_badEpochs <= _patience) return;
                        _cooling = _cooldown;
                        _badEpochs = 0;
                        Set([.. Current.Select((lr, k) => Math.Max(lr * _factor, _floors[k]) is var less && lr - less > _eps
                            ? less : lr)]);
                    }

                    private bool IsBetter(double value) => (_smallerIsBetter, _relative) switch
                    {
                        (true, true) => value < _best * (1 - _threshold),
                        (true, false) => value < _best - _threshold,
                        (false, true) => value > _best * (1 + _threshold),
                        (false, false) => value > _best + _threshold,
                    };
                }
            }
        }
    }
}
