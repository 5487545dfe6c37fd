using System.Globalization;
using System.Numerics;
using System.Text;
using TorchSharp.Utils;

namespace TorchSharp;

/// <summary>Writes the values of a CPU tensor in the three styles of TorchSharp.</summary>
internal sealed class TensorWriter(
    torch.Tensor values, string metadata, string format, int width, CultureInfo culture, string newLine, int maxRows, int maxColumns)
{
    private readonly StringBuilder _text = new();
    private readonly long[] _shape = values.shape;
    private readonly Func<long, string> _number = Reader(values, format, culture);

    private int Rank => _shape.Length;

    // The text of the element at a row-major position.
    private static Func<long, string> Reader(torch.Tensor t, string format, CultureInfo culture)
    {
        switch (t.dtype)
        {
            case torch.ScalarType.Float32: return Values<float>(t, v => v.ToString(format, culture));
            case torch.ScalarType.Float64: return Values<double>(t, v => v.ToString(format, culture));
            case torch.ScalarType.Float16: return Values<Half>(t, v => ((float)v).ToString(format, culture));
            case torch.ScalarType.BFloat16: return Values<BFloat16>(t, v => v.ToSingle().ToString(format, culture));
            case torch.ScalarType.Byte: return Values<byte>(t, v => v.ToString());
            case torch.ScalarType.Int8: return Values<sbyte>(t, v => v.ToString());
            case torch.ScalarType.Int16: return Values<short>(t, v => v.ToString());
            case torch.ScalarType.Int32: return Values<int>(t, v => v.ToString());
            case torch.ScalarType.Int64: return Values<long>(t, v => v.ToString());
            case torch.ScalarType.Bool: return Values<bool>(t, v => v.ToString(culture));
            case torch.ScalarType.ComplexFloat32: return Values<(float, float)>(t, v => Pair(v.Item1, v.Item2, x => ((float)x).ToString(format, culture)));
            case torch.ScalarType.ComplexFloat64: return Values<Complex>(t, v => Pair(v.Real, v.Imaginary, x => x.ToString(format, culture)));
            default: throw new ArgumentException($"expected a dtype of numbers, got {t.dtype}");
        }
    }

    private static Func<long, string> Values<T>(torch.Tensor t, Func<T, string> write) where T : unmanaged
    {
        var data = t.data<T>().ToArray();
        return position => write(data[position]);
    }

    private static string Pair(double real, double imaginary, Func<double, string> write)
    {
        var second = imaginary != 0 ? write(imaginary) + "i" : "";
        return real == 0 && imaginary != 0 ? second : imaginary != 0 ? $"{write(real)}+{second}" : write(real);
    }

    internal string Julia()
    {
        _text.Append(metadata);
        switch (Rank)
        {
            case 0:
                _text.Append(", value = ").Append(_number(0));
                break;
            case 1:
                _text.Append(newLine);
                WriteTable(0, 1, _shape[0]);
                break;
            default:
                WriteSlices();
                break;
        }
        return _text.ToString();
    }

    // A table for each index of the leading dimensions.
    private void WriteSlices()
    {
        var (rows, columns) = (_shape[^2], _shape[^1]);
        if (rows == 0) throw new InvalidOperationException($"expected a tensor with rows to write, got shape [{string.Join(", ", _shape)}]");
        var slices = _shape[..^2].TotalSize();
        for (var s = 0L; s < slices; s++)
        {
            _text.Append(newLine);
            if (Rank > 2) _text.Append(SliceName(s)).Append(newLine);
            WriteTable(s * rows * columns, rows, columns);
        }
    }

    private string SliceName(long slice)
    {
        var indices = new string[Rank];
        indices[^1] = indices[^2] = "..";
        for (var d = Rank - 3; d >= 0; d--)
        {
            (slice, var i) = Math.DivRem(slice, _shape[d]);
            indices[d] = i.ToString();
        }
        return $"[{string.Join(",", indices)}] =";
    }

    // Right-aligned columns, as many as every row has room for.
    private void WriteTable(long start, long rows, long columns)
    {
        var table = new List<List<string>>();
        for (var r = 0L; r < rows; r++) table.Add(FittingRow(start + r * columns, columns));
        var shown = table.Min(row => row.Count);
        var widths = new int[shown];
        foreach (var row in table)
            for (var c = 0; c < shown; c++) widths[c] = Math.Max(widths[c], row[c].Length);
        foreach (var row in table)
        {
            for (var c = 0; c < shown; c++) _text.Append(' ').Append(row[c].PadLeft(widths[c]));
            if (shown < columns) _text.Append(" ...");
            _text.Append(newLine);
        }
    }

    private List<string> FittingRow(long start, long columns)
    {
        const int Ending = 4;   // " ..."
        var row = new List<string>();
        var room = width;
        for (var c = 0L; c < columns; c++)
        {
            var number = _number(start + c);
            if (room - number.Length - Ending < 0) break;
            row.Add(number);
            room -= number.Length + 1;
        }
        return row;
    }

    internal string Numpy()
    {
        if (Rank == 0) return _number(0);
        WriteNumpy(0, 0);
        return _text.ToString();
    }

    private void WriteNumpy(int dim, long start)
    {
        _text.Append('[');
        if (dim == Rank - 1) WriteLine(start, "", ", ");
        else WriteBlock(dim, WriteNumpy, string.Concat(Enumerable.Repeat(newLine, Rank - 1 - dim)), start);
        _text.Append(']');
    }

    internal string CSharp()
    {
        _text.Append(metadata).Append(", value = ");
        if (Rank == 0) return _text.Append(_number(0)).ToString();
        var (type, suffix) = CSharpType(values.dtype);
        if (Rank > 1) _text.Append(newLine);
        _text.Append(type).Append(" [").Append(',', Rank - 1).Append("] ");
        WriteCSharp(0, 0, suffix);
        return _text.ToString();
    }

    private void WriteCSharp(int dim, long start, string suffix)
    {
        var outermost = dim == 0 && Rank > 1;
        _text.Append('{');
        if (outermost) _text.Append(newLine).Append(' ');
        if (dim == Rank - 1) WriteLine(start, suffix, ", ");
        else WriteBlock(dim, (d, s) => WriteCSharp(d, s, suffix), "," + newLine, start);
        if (outermost) _text.Append(newLine);
        _text.Append('}');
    }

    private static (string Name, string Suffix) CSharpType(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Bool => ("bool", ""),
        torch.ScalarType.Byte => ("byte", ""),
        torch.ScalarType.Int8 => ("sbyte", ""),
        torch.ScalarType.Int16 => ("short", ""),
        torch.ScalarType.Int32 => ("int", ""),
        torch.ScalarType.Int64 => ("long", "L"),
        torch.ScalarType.Float32 => ("float", "f"),
        torch.ScalarType.Float64 => ("double", ""),
        torch.ScalarType.BFloat16 => ("bfloat16", "f"),
        torch.ScalarType.Float16 => ("float16", "f"),
        torch.ScalarType.ComplexFloat32 => ("complex32", ""),
        _ => ("complex64", ""),
    };

    // The numbers of one row; the middle of a long one is left out.
    private void WriteLine(long start, string suffix, string separator)
    {
        var count = _shape[^1];
        var (leading, trailing) = Ends(count, maxColumns);
        for (var k = 0L; k < count; k++)
        {
            if (k == leading && leading + trailing < count)
            {
                _text.Append("... ");
                k = count - trailing;
            }
            _text.Append(_number(start + k)).Append(suffix);
            if (k < count - 1) _text.Append(separator);
        }
    }

    // The parts of one dimension, indented by their depth; the middle of a long one is left out.
    private void WriteBlock(int dim, Action<int, long> write, string separator, long start)
    {
        var count = _shape[dim];
        var stride = _shape[(dim + 1)..].TotalSize();
        var (leading, trailing) = Ends(count, maxRows);
        for (var k = 0L; k < count; k++)
        {
            if (k == leading && leading + trailing < count)
            {
                _text.Append(' ', dim).Append(" ...").Append(separator.TrimStart(','));
                k = count - trailing;
            }
            if (k > 0) _text.Append(' ', dim + 1);
            write(dim + 1, start + k * stride);
            if (k < count - 1) _text.Append(separator);
        }
    }

    private static (long Leading, long Trailing) Ends(long count, int most) =>
        count <= most ? (count, 0) : (most - most / 2, most / 2);
}
