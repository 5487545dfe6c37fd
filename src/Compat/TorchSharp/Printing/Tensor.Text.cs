using System.ComponentModel;
using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, dtype and device; str() and print() show the values.</summary>
        public override string ToString() =>
            IsInvalid ? "Tensor invalid -- empty handle." : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine) : ToString();

        public string ToString(
            TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = torch.TensorStringStyle;
            if (style == TensorStringStyle.Metadata || is_meta) return ToString();
            using var host = detach();
            using var values = host.to(CPU);
            var writer = new TensorWriter(
                values, ToString(), fltFormat ?? _floatFormat, width ?? _lineWidth, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? _newLine,
                _maxRows, _maxColumns);
            return style switch
            {
                TensorStringStyle.Julia => writer.Julia(),
                TensorStringStyle.Numpy => writer.Numpy(),
                TensorStringStyle.CSharp => writer.CSharp(),
                _ => throw new InvalidEnumArgumentException($"expected a style of text, got {style}"),
            };
        }
    }
}
