using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the momentum of groups: SGD's, or the first beta of the Adam family.</summary>
            private static class MomentumCycle
            {
                internal static void Require(Optimizer optimizer)
                {
                    if (optimizer is not (IMomentum or IBetas))
                        throw new ArgumentException($"optimizer must support momentum with `cycle_momentum` option enabled, "
                            + $"{optimizer.GetType().Name} does not", nameof(optimizer));
                }

                internal static void Set(ILearningRateController group, double momentum)
                {
                    if (group is IBetas betas) betas.Betas = (momentum, betas.Betas.Item2);
                    else if (group is IMomentum m) m.Momentum = momentum;
                }

                internal static double[] Each(IEnumerable<double>? given, double otherwise, int groups, string name)
                {
                    double[] all = given is null ? [.. Enumerable.Repeat(otherwise, groups)] : [.. given];
                    if (all.Length != groups)
                        throw new ArgumentException($"expected {groups} values for {name}, one for each group, got "
                            + $"{all.Length}", name);
                    return all;
                }
            }
        }
    }
}
