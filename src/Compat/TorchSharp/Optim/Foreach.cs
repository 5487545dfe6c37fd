using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>Operators over lists of tensors; a trailing _ works in place.</summary>
internal static class Foreach
{
    internal static readonly Op Neg = new("aten::_foreach_neg");
    internal static readonly Op Sqrt = new("aten::_foreach_sqrt");
    internal static readonly Op AddList = new("aten::_foreach_add", "List");
    internal static readonly Op AddList_ = new("aten::_foreach_add_", "List");
    internal static readonly Op AddScalar_ = new("aten::_foreach_add_", "Scalar");
    internal static readonly Op MulScalar_ = new("aten::_foreach_mul_", "Scalar");
    internal static readonly Op DivScalar_ = new("aten::_foreach_div_", "Scalar");
    internal static readonly Op AddcmulScalar_ = new("aten::_foreach_addcmul_", "Scalar");
    internal static readonly Op AddcdivScalar_ = new("aten::_foreach_addcdiv_", "Scalar");
}
