namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>Answers to the exercises of the chapter on bounds, circles, categories and tails.</summary>
internal static partial class AnswerTable
{
    private static IEnumerable<AnswerRow> Supports =>
    [
        new("18", "exercise-1", "",
            (Above("-0.5 * (x - a).log().square() - 0.5 * Math.Log(2 * Math.PI) - (x - a).log()"), null),
            (Above("new StandardNormal(1).LogProb((x - a).log().unsqueeze(1)) - (x - a).log()"), null),
            (Above("new Flow(new Interval(a, double.PositiveInfinity), new StandardNormal(1)).to(float64)"
                + ".LogProb(x.unsqueeze(1))"), null),
            (Above("-0.5 * (x - a).log().square() - 0.5 * Math.Log(2 * Math.PI)"), "dz/dx is missing"),
            (Above("-0.5 * (x - a).log().square() - 0.5 * Math.Log(2 * Math.PI) + (x - a).log()"), "is negative where"),
            (Above("(-0.5 * (x - a).log().square() - (x - a).log()).exp() / Math.Sqrt(2 * Math.PI)"), "its logarithm"),
            (Above("-0.5 * x.log().square() - 0.5 * Math.Log(2 * Math.PI) - x.log()"), "the floor is a"),
            (Above("(-0.5 * (x - a).log().square() - (x - a).log()).sum()"), "the shape is"),
            (Above("zeros_like(x)"), "the first entry should be")),
        new("18", "exercise-2", "",
            ("double? highest = 3 / (2 * Math.PI);", null), ("double? highest = 0.4775;", null),
            ("double? highest = (1 - 0.5 * 0.5) / Math.Pow(1 - 0.5, 2) / Math.Tau;", null),
            ("double? highest = 3;", "1 / 2π"), ("double? highest = 1 / (6 * Math.PI);", "the lowest"),
            ("double? highest = 1 / (2 * Math.PI);", "the base's density"),
            ("double? highest = 0.75 / (2 * Math.PI);", "squared distance"),
            ("double? highest = 1.5 / (2 * Math.PI);", "is squared"), ("double? highest = 2;", "nearest to m")),
        new("18", "exercise-3", "",
            ("double? gapOfZero = 1 - Math.Log(2);", null), ("double? gapOfZero = 0.3069;", null),
            ("double? gapOfZero = Math.Log(0.25) - (-1 - Math.Log(2));", null),
            ("double? gapOfZero = Math.Log(2) - 1;", "the gap is positive"),
            ("double? gapOfZero = -1 - Math.Log(2);", "the bound itself"),
            ("double? gapOfZero = Math.Log(0.25);", "that is log P(0)"),
            ("double? gapOfZero = Math.Log(4) - 1;", "the mean of log(v / 2)"),
            ("double? gapOfZero = 1 - Math.Log(4);", "the mean of log(v / 2)"), ("double? gapOfZero = 1;", "a quarter"),
            ("double? gapOfZero = 1 + Math.Log(2) + Math.Log(0.75);", "log P(1)"),
            ("double? gapOfZero = 0;", "the integral of the log")),
        new("18", "exercise-4", "",
            (TailOf("nu / c"), null), (TailOf("nu * Math.Pow(c, -1)"), null), (TailOf("1 / (c / nu)"), null),
            (TailOf("nu"), "Lipschitz"), (TailOf("nu * c"), "upside down"), (TailOf("nu / c + 1"), "the density's power"),
            (TailOf("nu - c"), "the power divides"), (TailOf("c"), "t^(1/c)")),
    ];

    private static string Above(string value) => $"Tensor? LogAbove(Tensor x, double a) => {value};";

    private static string TailOf(string value) => $"double? TailIndex(double nu, double c) => {value};";
}
