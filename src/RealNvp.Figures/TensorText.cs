using System.Text.Encodings.Web;
using static TorchSharp.torch;

namespace RealNvp.Figures;

/// <summary>How a tensor shows in a notebook: shape, type and device in a line, its values below.</summary>
internal static class TensorText
{
    internal static string Plain(Tensor tensor) =>
        tensor.IsInvalid ? "a tensor that is disposed" : $"{Summary(tensor)}\n{Values(tensor)}";

    internal static string Html(Tensor tensor) => tensor.IsInvalid
        ? "<div class=\"tensor\"><i>a tensor that is disposed</i></div>"
        : "<details class=\"tensor\" "
        + $"open=\"open\"><summary>{Encode(Summary(tensor))}</summary><pre>{Encode(Values(tensor)).Replace("&#xA;", "\n")}</pre></details>";

    private static string Summary(Tensor tensor) =>
        $"[{string.Join(", ", tensor.shape)}] {tensor.dtype}, {tensor.device}{(tensor.requires_grad ? ", requires_grad" : "")}";

    private static string Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().ToString(TorchSharp.TensorStringStyle.Numpy);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
