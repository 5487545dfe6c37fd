namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>
            /// Sets the learning rates of an optimizer's groups, epoch by epoch. The first step is taken by the constructor.
            /// </summary>
            public abstract class LRScheduler
            {
                protected int _step_count;

                internal Optimizer _optimizer = null!;
                internal int _last_epoch = -1;
                internal bool _verbose;
                internal List<double> _last_lrs = [];
                internal List<double> _base_lrs = [];

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _verbose = verbose;
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    _last_lrs = Current;
                }

                private protected List<double> Current => [.. _optimizer.ParamGroups.Select(group => group.LearningRate)];

                /// <summary>The rates of the last step, one a group.</summary>
                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates of the current epoch, from those of the epoch before.</summary>
                protected virtual IEnumerable<double> get_lr() => Current;

                /// <summary>The rates of the current epoch, from the base rates alone.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public virtual void step() => step(null);

                /// <summary>To the next epoch, or to a given one by the closed form.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    Set([.. epoch is null ? get_lr() : get_closed_form_lr()]);
                }

                /// <summary>For schedulers that watch a value; the others ignore it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                private protected void Set(List<double> rates)
                {
                    var k = 0;
                    foreach (var group in _optimizer.ParamGroups)
                    {
                        group.LearningRate = rates[k];
                        if (_verbose && rates[k] != _last_lrs[k]) Console.WriteLine($"Adjusting learning rate of group {k} to "
                            + $"{rates[k]:g4}");
                        k++;
                    }
                    _last_lrs = rates;
                }

                // Every group's rate times a factor.
                private protected IEnumerable<double> Scaled(double factor) => Current.Select(lr => lr * factor);
            }
        }
    }
}
