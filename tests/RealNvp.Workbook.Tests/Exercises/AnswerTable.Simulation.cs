namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>Answers to the exercises of the chapter on simulation-based inference.</summary>
internal static partial class AnswerTable
{
    private const string LinearGaussian = """
        const double Tau = 2, Sigma = 1, Kappa = 0.8, V = 0.8;
        var entropy = 0.5 * Math.Log(2 * Math.PI * Math.E * V);
        Tensor LogNormal(Tensor v, Tensor mean, double variance) =>
            -0.5 * (v - mean).square() / variance - 0.5 * Math.Log(2 * Math.PI * variance);
        """;

    private static IEnumerable<AnswerRow> Simulation =>
    [
        new("17", "exercise-1", "",
            (Rank("draws.lt(theta.unsqueeze(0)).sum(0L)"), null),
            (Rank("(theta > draws).to(float64).sum(0L)"), null),
            (Rank("cat([theta.unsqueeze(0), draws], 0).argsort(0).argsort(0)[0]"), null),
            (Rank("draws.gt(theta).sum(0L)"), "those lie above"),
            (Rank("draws.lt(theta).to(float64).mean([0L])"), "the share of the draws"),
            (Rank("draws.lt(theta).sum(0L) + 1"), "ranks begin at 0"),
            (Rank("draws.lt(theta).sum(1)"), "the shape is"),
            (Rank("draws.lt(theta)"), "the shape is"),
            (Rank("zeros(3, dtype: float64)"), "three lie below 0.5")),
        new("17", "exercise-2", LinearGaussian,
            ("double? information = 0.5 * Math.Log(5);", null), ("double? information = 0.805;", null),
            ("double? information = 0.5 * Math.Log(Tau * Tau / V);", null),
            ("double? information = Math.Log(5);", "half of a variance's"),
            ("double? information = 0.5 * Math.Log2(5);", "those are bits"),
            ("double? information = entropy;", "the floor itself"),
            ("double? information = 0.5 * Math.Log(2 * Math.PI * Math.E * 4);", "the prior's entropy"),
            ("double? information = Math.Log(2);", "log(τ/σ)"),
            ("double? information = -0.5 * Math.Log(5);", "do not take knowledge away"),
            ("double? information = 3;", "half of the logarithm")),
        new("17", "exercise-3", "",
            ("double? tooSureBy = 1.5 - Math.Log(2);", null), ("double? tooSureBy = 0.8069;", null),
            ("double? tooSureBy = Math.Log(0.5) + 1 / (2 * 0.25) - 0.5;", null),
            ("double? tooSureBy = Math.Log(2) + 0.125 - 0.5;", "KL(q || p)"),
            ("double? tooSureBy = 0.5 - 0.5 * Math.Log(2);", "half of the variance"),
            ("double? tooSureBy = Math.Log(2);", "the density at the mean doubles"),
            ("double? tooSureBy = Math.Log(2) - 1.5;", "no q has a loss below"),
            ("double? tooSureBy = 2;", "log s + 1/(2 s²)")),
        new("17", "exercise-4", LinearGaussian,
            (Together("logQ.sum(0L) - (logQ.shape[0] - 1) * logPrior"), null),
            (Together("logPrior + (logQ - logPrior).sum(0L)"), null),
            (Together("(1 - logQ.shape[0]) * logPrior + logQ.unbind(0).Aggregate((a, b) => a + b)"), null),
            (Together("(logQ.sum(0L) - (logQ.shape[0] - 1) * logPrior).log_softmax(0)"), null),
            (Together("logQ.sum(0L)"), "each posterior contains the prior"),
            (Together("logQ.sum(0L) - logQ.shape[0] * logPrior"), "the likelihood alone"),
            (Together("logQ.sum(0L) - logPrior"), "two observations only"),
            (Together("logQ.sum(0L) + logPrior"), "too often already"),
            (Together("logQ.mean([0L])"), "no product"),
            (Together("logQ.logsumexp(0)"), "a mixture"),
            (Together("logQ - logPrior"), "the shape is"),
            (Together("zeros(7, dtype: float64)"), "p(θ) Π")),
    ];

    private static string Rank(string value) => $"Tensor? RankOf(Tensor theta, Tensor draws) => {value};";

    private static string Together(string value) => $"Tensor? Combined(Tensor logQ, Tensor logPrior) => {value};";
}
