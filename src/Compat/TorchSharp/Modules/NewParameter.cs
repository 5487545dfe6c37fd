using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>
/// The parameters and buffers of built-in modules: they belong to no dispose scope, so that they live as long as the module.
/// </summary>
internal static class NewParameter
{
    internal static torch.Tensor Buffer(double value, long[] shape, torch.Device? device, torch.ScalarType? dtype)
    {
        var tensor = Uninitialized(shape, device, dtype);
        using (new NoGrad()) Aten.Fill_Scalar.RunInPlace(tensor, value);
        return tensor.DetachFromDisposeScope();
    }

    internal static Parameter Filled(double value, long[] shape, torch.Device? device, torch.ScalarType? dtype) =>
        new(Buffer(value, shape, device, dtype));

    internal static Parameter Empty(long[] shape, torch.Device? device, torch.ScalarType? dtype) =>
        new(Uninitialized(shape, device, dtype).DetachFromDisposeScope());

    private static torch.Tensor Uninitialized(long[] shape, torch.Device? device, torch.ScalarType? dtype) =>
        Aten.EmptyMemoryFormat.Run(shape, dtype ?? torch.get_default_dtype(), Arg.None, device ?? torch.get_default_device());

    /// <summary>Puts a new tensor in a module's field: it leaves its dispose scope, and the old one is freed.</summary>
    internal static void Replace<T>(ref T? field, T? value) where T : torch.Tensor
    {
        if (ReferenceEquals(field, value)) return;
        field?.Dispose();
        value?.DetachFromDisposeScope();
        field = value;
    }
}
