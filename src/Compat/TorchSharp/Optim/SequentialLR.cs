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
                /// One scheduler after the other: the next takes over at each milestone, and starts from its epoch 0.
                /// </summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;
                    private readonly int[] _milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones,
                        int last_epoch = -1)
                        : base(optimizer, last_epoch + 1)
                    {
                        _schedulers = [.. schedulers];
                        _milestones = [.. milestones];
                        if (_schedulers.Any(s => s._optimizer != optimizer))
                            throw new ArgumentException("expected schedulers of the same optimizer, got one of another",
                                nameof(schedulers));
                        if (_milestones.Length != _schedulers.Length - 1)
                            throw new ArgumentException($"expected {_schedulers.Length - 1} milestones for "
                                + $"{_schedulers.Length} schedulers, got {_milestones.Length}", nameof(milestones));
                        // Every scheduler has taken its first step already: undo them all, and let only the first one take it
                        // again.
                        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
                        foreach (var scheduler in _schedulers) scheduler._last_epoch--;
                        _schedulers[0].step();
                        _last_lrs = _schedulers[0]._last_lrs;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var stage = _milestones.Count(m => m <= _last_epoch);
                        if (stage > 0 && _milestones[stage - 1] == _last_epoch) _schedulers[stage].step(0);
                        else _schedulers[stage].step();
                        return Current;
                    }
                }
            }
        }
    }
}
