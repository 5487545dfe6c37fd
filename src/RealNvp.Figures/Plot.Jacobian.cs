using System.Globalization;
using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostPrinted = 14;

    /// <summary>A matrix as a picture: blue below zero, vermilion above, pale at zero, the value in each cell up to 14 x 14.
    /// Where nothing is below zero the scale begins there.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="columns">What a column stands for: "input coordinate x_j".</param>
    /// <param name="rows">What a row stands for: "output coordinate z_i".</param>
    /// <param name="matrix">The values [rows, columns].</param>
    /// <param name="columnNames">Names of the columns; by default 1, 2, ...</param>
    /// <param name="rowNames">Names of the rows; by default 1, 2, ...</param>
    /// <exception cref="ArgumentException">A label is blank, the matrix is empty, or names and matrix differ in
    /// number.</exception>
    public static Plot Matrix(string title, string columns, string rows, Tensor matrix, string[]? columnNames = null,
        string[]? rowNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var cell = Tensors.Matrix(matrix, "a matrix [rows, columns]");
        (var height, var width) = (cell.GetLength(0), cell.GetLength(1));
        if (height == 0 || width == 0)
            throw new ArgumentException($"Expected a matrix with rows and columns; given [{height}, {width}].", nameof(matrix));
        var across = Names(columnNames, width, nameof(columnNames));
        var down = Names(rowNames, height, nameof(rowNames));
        var largest = cell.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var bound = largest > 0 ? AxisNumbers.Significant(largest, 3)!.Value : 1;

        var signed = cell.Cast<double>().Any(value => value < 0);
        Func<double?, string> print = cell.Cast<double>().All(value => value == Math.Round(value) && Math.Abs(value) < 1e6)
            ? Counted : Printed;

        double?[][] values = [.. Enumerable.Range(0, height)
            .Select(i => AxisNumbers.Significant(Enumerable.Range(0, width).Select(j => cell[i, j]), 4))];
        PlotlyObject cells = new()
        {
            ["type"] = "heatmap",
            ["x"] = across,
            ["y"] = down,
            ["z"] = values,
            ["zmin"] = signed ? -bound : 0,
            ["zmax"] = bound,
            ["colorscale"] = signed ? Palette.Diverging : Palette.FromZero,
            ["xgap"] = width <= 40 ? 2 : 0,
            ["ygap"] = height <= 40 ? 2 : 0,
            ["colorbar"] = new PlotlyObject { ["thickness"] = 12, ["outlinewidth"] = 0, ["len"] = 0.9 },
            ["hovertemplate"] = "row %{y}, column %{x}: %{z}<extra></extra>",
        };
        if (Math.Max(height, width) <= MostPrinted)
        {
            cells["text"] = values.Select(row => row.Select(print).ToArray()).ToArray();
            cells["texttemplate"] = "%{text}";
            cells["textfont"] = new PlotlyObject { ["size"] = Math.Max(height, width) <= 8 ? 14 : 11 };
        }
        var layout = Axes(columns, rows);
        layout["height"] = Math.Clamp(150 + 62 * height, 300, 560);
        foreach (var name in (string[])["xaxis", "yaxis"])
        {
            var axis = layout.Inner(name);
            (axis["type"], axis["showgrid"], axis["showline"], axis["ticks"], axis["constrain"]) =
                ("category", false, false, "", "domain");
        }
        var y = layout.Inner("yaxis");
        (y["autorange"], y["scaleanchor"], y["scaleratio"]) = ("reversed", "x", 1);
        return Make(title, layout, [cells]);
    }

    /// <summary>A Jacobian matrix as a picture: row i, column j holds the derivative of output i by input j.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="jacobian">dz_i / dx_j [D, D].</param>
    /// <param name="output">The outputs' letter.</param>
    /// <param name="input">The inputs' letter.</param>
    public static Plot Jacobian(string title, Tensor jacobian, string output = "z", string input = "x")
    {
        ArgumentNullException.ThrowIfNull(jacobian);
        if (jacobian.dim() != 2)
            throw new ArgumentException($"Expected a matrix [D, D]; given {Tensors.Shape(jacobian)}.", nameof(jacobian));
        string[] Indexed(string letter, long count) =>
            [.. Enumerable.Range(1, (int)count).Select(i => $"{letter}<sub>{i}</sub>")];
        return Matrix(title, $"input: derivative by {input}<sub>j</sub>", $"output: derivative of {output}<sub>i</sub>", jacobian,
            Indexed(input, jacobian.shape[1]), Indexed(output, jacobian.shape[0]));
    }

    private static string Counted(double? value) => value?.ToString("0", CultureInfo.InvariantCulture) ?? "NaN";

    private static string Printed(double? value) => value switch
    {
        null => "NaN",
        0 => "0",
        { } number when Math.Abs(number) is >= 0.01 and < 1000 => number.ToString("0.00", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    private static string[] Names(string[]? names, int count, string parameter)
    {
        if (names is null) return [.. Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return names.Length == count ? names
            : throw new ArgumentException($"Expected {count} names; given {names.Length}.", parameter);
    }
}
