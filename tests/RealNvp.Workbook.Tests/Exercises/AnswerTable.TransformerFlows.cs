namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>Answers to the exercises of the chapter on transformer flows.</summary>
internal static partial class AnswerTable
{
    private static IEnumerable<AnswerRow> TransformerFlows =>
    [
        new("19", "exercise-1", "",
            (Causal("scores.masked_fill(ones_like(scores).triu(1).to(@bool), double.NegativeInfinity).softmax(1)"), null),
            (Causal("(scores.exp() * ones_like(scores).tril()) is var e ? e / e.sum(1, keepdim: true) : e"), null),
            (Causal("(scores + ones_like(scores).tril().log()).softmax(-1)"), null),
            (Causal("scores.softmax(1)"), "later ones"),
            (Causal("scores.softmax(1).tril()"), "no longer add up"),
            (Causal("scores.tril().softmax(1)"), "use -∞"),
            (Causal("(scores + ones_like(scores).triu().log()).softmax(1)"), "looks forward"),
            (Causal("(scores + ones_like(scores).tril().log()).softmax(0)"), "are a row"),
            (Causal("(scores + ones_like(scores).tril(-1).log()).softmax(1)"), "nothing to look at"),
            (Causal("(scores + ones_like(scores).tril().log()).softmax(1).diagonal()"), "a matrix [6, 6]"),
            (Causal("zeros_like(scores)"), "mask the scores")),
        new("19", "exercise-2", "",
            (Needed("Enumerable.Range(1, parts).First(n => n == parts || Math.Pow(a, n) <= tolerance)"), null),
            (Needed("a >= 1 ? parts : Math.Min(parts, (int)Math.Ceiling(Math.Log(tolerance) / Math.Log(a)))"), null),
            ("int? PassesNeeded(double a, int parts, double tolerance) { var n = 0; for (var e = 1.0; n < parts "
                + "&& e > tolerance; e *= a) n++; return n; }", null),
            (Needed("parts"), "always enough"),
            (Needed("(int)Math.Ceiling(Math.Log(tolerance) / Math.Log(a))"), "it is exact"),
            (Needed("a >= 1 ? parts : Math.Min(parts, (int)(Math.Log(tolerance) / Math.Log(a)))"), "one pass more"),
            (Needed("a >= 1 ? parts : Math.Min(parts, (int)Math.Ceiling(Math.Log(tolerance) / Math.Log(a)) + 1)"),
                "one pass fewer"),
            (Needed("a >= 1 ? 1 : Math.Min(parts, (int)Math.Ceiling(Math.Log(tolerance) / Math.Log(a)))"), "what ends it"),
            (Needed("1"), "on to the next part")),
        new("19", "exercise-3", "",
            (Given("s * s + s * s * s * s * curvature"), null), (Given("s * s * (1 + s * s * curvature)"), null),
            (Given("Math.Pow(s, 2) + Math.Pow(s, 4) * curvature"), null),
            (Given("s * s + s * s * curvature"), "to the fourth"), (Given("s * s - Math.Pow(s, 4) * curvature"), "the sign"),
            (Given("1 + s * s * curvature"), "s² times it"),
            (Given("Math.Sqrt(Math.Max(0, s * s + Math.Pow(s, 4) * curvature))"), "the deviation"),
            (Given("Math.Pow(s, 4) * curvature"), "one term more"), (Given("s"), "p''/p")),
        new("19", "exercise-4", "",
            (Tilt("var p = (1 + w) / v - w / v0; return (((1 + w) * m / v - w * m0 / v0) / p, 1 / p);"), null),
            (Tilt("var d = (1 + w) * v0 - w * v; return (((1 + w) * m * v0 - w * m0 * v) / d, v * v0 / d);"), null),
            (Tilt("var variance = 1 / (1 / v + w * (1 / v - 1 / v0)); "
                + "return (variance * (m / v + w * (m / v - m0 / v0)), variance);"), null),
            (Tilt("return (m + w * (m - m0), v * Math.Pow(v / v0, w));"), "what the flow does"),
            (Tilt("return (m + w * (m - m0), v);"), "where v = v0"),
            (Tilt("var p = (1 + w) / v - w / v0; return (((1 + w) * m / v - w * m0 / v0) / p, p);"), "one over it"),
            (Tilt("return (m, v);"), "precisions add")),
    ];

    private static string Causal(string value) => $"Tensor? CausalWeights(Tensor scores) => {value};";

    private static string Needed(string value) => $"int? PassesNeeded(double a, int parts, double tolerance) => {value};";

    private static string Given(string value) => $"double? VarianceGiven(double s, double curvature) => {value};";

    private static string Tilt(string body) =>
        $"(double Mean, double Variance)? Tilted(double m, double v, double m0, double v0, double w) {{ {body} }}";
}
