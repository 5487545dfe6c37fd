namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static TensorStringStyle _style = TensorStringStyle.Julia;
    private static string _floatFormat = "g5";
    private static string _newLine = Environment.NewLine;
    private static int _lineWidth = 100;
    private static int _maxRows = 6;
    private static int _maxColumns = 6;

    /// <summary>The style of str() and print() where none is given.</summary>
    /// <exception cref="ArgumentException">Default stands for this property and is no value of it.</exception>
    public static TensorStringStyle TensorStringStyle
    {
        get => _style;
        set => _style = value != TensorStringStyle.Default ? value : throw new ArgumentException("the style cannot be set to Default");
    }

    /// <summary>Fixed-point or scientific numbers with so many digits after the point.</summary>
    public static void set_printoptions(
        int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
            set_printoptions(null, (sci_mode ? "E" : "F") + precision, linewidth, newLine, maxRows, maxColumns);

    /// <summary>Changes the options that are given.</summary>
    public static void set_printoptions(
        TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null,
        int? maxColumns = null)
    {
        _style = style ?? _style;
        _floatFormat = floatFormat ?? _floatFormat;
        _lineWidth = linewidth ?? _lineWidth;
        _newLine = newLine ?? _newLine;
        _maxRows = maxRows ?? _maxRows;
        _maxColumns = maxColumns ?? _maxColumns;
    }
}
