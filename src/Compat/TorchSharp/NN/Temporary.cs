namespace TorchSharp;
public static partial class torch
{
    public static ScalarType get_default_dtype() => ScalarType.Float32;
    public static Device get_default_device() => CPU;
}
