namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>Answers to the exercises of the chapters on residual flows and on variational inference.</summary>
internal static partial class AnswerTable
{
    private static IEnumerable<AnswerRow> Inference =>
    [
        new("13", "exercise-2", "",
            (Undo("var x = z; for (var k = 0; k < iterations; k++) x = z - g(x); return x;"), null),
            (Undo("return iterations == 0 ? z : z - g(Undo(g, z, iterations - 1)!);"), null),
            (Undo("return Enumerable.Range(0, iterations).Aggregate(zeros_like(z), (x, _) => z - g(x));"), null),
            (Undo("var x = z; for (var k = 0; k < iterations; k++) x = z + g(x); return x;"), "the sign"),
            (Undo("return z - g(z);"), "a single step"),
            (Undo("var x = z; for (var k = 0; k < iterations; k++) x = x - g(x); return x;"), "z stays where it is"),
            (Undo("var x = z; for (var k = 0; k < 200; k++) x = z - g(x); return x;"), "g was called 200 times"),
            (Undo("return z;"), "the first entry should be")),
        new("13", "exercise-3", "",
            ("int? termsNeeded = 7;", null), ("int? termsNeeded = 6 + 1;", null),
            ("int? termsNeeded = Enumerable.Range(1, 99).First(m => 20 * Math.Pow(0.5, m + 1) / (m + 1) < 0.01);", null),
            ("int? termsNeeded = 5;", "one dimension"), ("int? termsNeeded = 8;", "fewer do"),
            ("int? termsNeeded = 6;", "may be missing"), ("int? termsNeeded = 0;", "at least the first")),
        new("16", "exercise-1", "",
            (Sine("(1 + (x.mv(w) + b).cos() * w.dot(u)).abs().log()"), null),
            (Sine("log(abs(1 + cos(x.matmul(w) + b) * (u * w).sum()))"), null),
            (Sine("Jacobians.LogAbsDet(Jacobians.Autograd(y => y + (y.mv(w) + b).sin().unsqueeze(1) * u, x))"), null),
            (Sine("(1 + (x.mv(w) + b).cos() * w.dot(u)).abs()"), "its logarithm"),
            (Sine("(1 + (x.mv(w) + b).sin() * w.dot(u)).abs().log()"), "the derivative of the sine"),
            (Sine("(1 + (1 - (x.mv(w) + b).sin().pow(2)) * w.dot(u)).abs().log()"), "not of the sine"),
            (Sine("(1 + (x.mv(w) + b).cos() * w.dot(u)).abs().log().sum()"), "the shape is"),
            (Sine("zeros(6, dtype: float64)"), "the first entry should be")),
        new("16", "exercise-2", "",
            ("double? largestProduct = 1;", null), ("double? largestProduct = 1.0 / Math.Cos(0);", null),
            ("double? largestProduct = -1 / Math.Cos(Math.PI);", null),
            ("double? largestProduct = -1;", "that is the smallest"), ("double? largestProduct = 2;", "is negative where"),
            ("double? largestProduct = 0.5;", "a larger product"), ("double? largestProduct = 0;", "a larger product")),
        new("16", "exercise-3", "",
            ("double? missingNats = -Math.Log(0.75);", null), ("double? missingNats = Math.Log(4) - Math.Log(3);", null),
            ("double? missingNats = 0.2877;", null),
            ("double? missingNats = Math.Log(4);", "the smaller mode"),
            ("double? missingNats = Math.Log(2);", "half of the mass"),
            ("double? missingNats = Math.Log(0.75);", "the gap is positive"), ("double? missingNats = 0.25;", "put that into")),
        new("16", "exercise-4", "",
            (Size("1 / logWeights.softmax(0).pow(2).sum().ToDouble()"), null),
            (Size("(2 * logWeights.logsumexp(0) - (2 * logWeights).logsumexp(0)).exp().ToDouble()"), null),
            (Size("(logWeights - logWeights.max()).exp() is var w ? Math.Pow(w.sum().ToDouble(), 2) "
                + "/ w.square().sum().ToDouble() : 0"), null),
            (Size("Math.Pow(logWeights.exp().sum().ToDouble(), 2) / logWeights.exp().square().sum().ToDouble()"),
                "exp(2000) is infinite"),
            (Size("1 / logWeights.softmax(0).pow(2).sum().ToDouble() / logWeights.size(0)"), "its part of N"),
            (Size("logWeights.softmax(0).pow(2).sum().ToDouble()"), "upside down"),
            (Size("1 / logWeights.softmax(0).max().ToDouble()"), "another measure"),
            (Size("Math.Exp(-(logWeights.softmax(0) * logWeights.log_softmax(0)).sum().ToDouble())"), "entropy"),
            (Size("Math.Pow(logWeights.sum().ToDouble(), 2) / logWeights.square().sum().ToDouble()"), "exp comes first"),
            (Size("logWeights.size(0)"), "for five weights")),
        new("16", "exercise-5", "",
            (Takes("(logPNext - logQNext - (logP - logQ)).exp().clamp(max: 1)"), null),
            (Takes("minimum(zeros_like(logP), logPNext + logQ - logP - logQNext).exp()"), null),
            (Takes("exp((logPNext - logQNext).sub(logP - logQ).clamp_max(0))"), null),
            (Takes("((logPNext - logQNext).exp() / (logP - logQ).exp()).clamp(max: 1)"), null),
            (Takes("(logPNext.exp() / logQNext.exp() / (logP.exp() / logQ.exp())).clamp(max: 1)"), "0 / 0"),
            (Takes("(logPNext - logQNext - (logP - logQ)).exp()"), "at most 1"),
            (Takes("(logPNext - logQNext - (logP - logQ)).clamp(max: 0)"), "its logarithm"),
            (Takes("(logP - logQ - (logPNext - logQNext)).exp().clamp(max: 1)"), "upside down"),
            (Takes("(logPNext - logP).exp().clamp(max: 1)"), "symmetric steps"),
            (Takes("(logPNext + logQNext - logP - logQ).exp().clamp(max: 1)"), "not p times q"),
            (Takes("(logPNext - logQNext - (logP - logQ)).exp().clamp(max: 1).mean()"), "the shape is"),
            (Takes("full_like(logP, 0.5)"), "the first entry should be")),
    ];

    private static string Undo(string body) =>
        $"Tensor? Undo(Func<Tensor, Tensor> g, Tensor z, int iterations) {{ {body} }}";

    private static string Sine(string value) => $"Tensor? SineLogDet(Tensor x, Tensor u, Tensor w, double b) => {value};";

    private static string Size(string value) => $"double? EffectiveSize(Tensor logWeights) => {value};";

    private static string Takes(string value) =>
        $"Tensor? Taken(Tensor logP, Tensor logQ, Tensor logPNext, Tensor logQNext) => {value};";
}
