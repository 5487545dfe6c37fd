using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What a loss does with its elements.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            /// <summary>-(t log x + (1 - t) log(1 - x)), x a probability</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) =>
                Aten.BinaryCrossEntropy.Run(input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.BinaryCrossEntropyWithLogits.Run(input, target, weight, pos_weights, (long)reduction);

            /// <summary>-x[n, t[n]], x log-probabilities [N, C, ...], t classes [N, ...]</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) =>
                Aten.NllLossNd.Run(input, target, weight, (long)reduction);

            /// <summary>nll_loss of log_softmax; the target holds classes or probabilities.</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Aten.CrossEntropyLoss.Run(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.L1Loss.Run(input, target, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.MseLoss.Run(input, target, (long)reduction);

            /// <summary>Quadratic up to beta, linear beyond; divided by beta.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean,
                double beta = 1) =>
                Aten.SmoothL1Loss.Run(input, target, (long)reduction, beta);

            /// <summary>Quadratic up to delta, linear beyond.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1,
                Reduction reduction = Reduction.Mean) =>
                Aten.HuberLoss.Run(input, target, (long)reduction, delta);

            /// <summary>
            /// exp(t) (t - x) where the target holds logarithms (the default here), else t (log t - x); x log-probabilities.
            /// </summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true,
                Reduction reduction = Reduction.Mean) =>
                Aten.KlDiv.Run(input, target, (long)reduction, log_target);

            /// <summary>
            /// Negative log-likelihood of a normal distribution: (log var + (x - t)^2 / var) / 2, var at least eps.
            /// </summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false,
                float eps = 1E-06f, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                // The gradient ignores the clamp.
                Tensor bounded;
                using (new NoGrad()) bounded = Aten.ClampMin.Run(variance, (double)eps);
                bounded = Aten.AddTensor.Run(variance, Aten.SubTensor.Run(bounded, Aten.Detach.Run(variance)));
                var difference = Aten.SubTensor.Run(input, target);
                var sum = Aten.AddTensor.Run(Aten.Log.Run(bounded), Aten.DivTensor.Run(Aten.Square.Run(difference), bounded));
                var loss = Aten.MulScalar.Run(sum, 0.5);
                if (full) loss = Aten.AddScalar.Run(loss, 0.5 * Math.Log(2 * Math.PI));
                loss = reduction switch
                {
                    Reduction.Mean => Aten.Mean.Run(loss),
                    Reduction.Sum => Aten.Sum.Run(loss),
                    _ => loss,
                };
                return loss.MoveToOuterDisposeScope();
            }
        }
    }
}
