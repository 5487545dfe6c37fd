using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>One argument or one result of an operator, as native/td.h lays it out.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct Value
{
    [FieldOffset(0)] public int Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long I;
    [FieldOffset(8)] public double D;
    [FieldOffset(8)] public void* P;
}

/// <summary>The tags of <see cref="Value"/>, as native/td.h numbers them.</summary>
internal static class Tag
{
    public const int None = 0, Tensor = 1, Int = 2, Double = 3, Bool = 4, IntList = 5, DoubleList = 6, BoolList = 7, TensorList = 8,
        OptionalTensorList = 9, String = 10, Device = 11, Generator = 12, Complex = 13, Default = 14, StringList = 15;

    /// <summary>Managed side only: lists of integers that are one number, or pinned by the caller.</summary>
    public const int OneInt = 100, PinnedIntList = 101;
}

/// <summary>The switches of libtorch's context, as native/runtime.cpp numbers them.</summary>
internal enum Switch
{
    FlashAttention = 0,
    MathAttention = 1,
    MatmulTf32 = 2,
    HalfReduction = 3,
    CudnnTf32 = 4,
}

/// <summary>What a tensor is, as native/tensor.cpp lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Meta
{
    public long Dim, NumEl, StorageOffset;
    public int DType, DeviceType, DeviceIndex, ElementSize;
    public byte RequiresGrad, IsLeaf, IsContiguous, IsSparse, IsInference, IsPinned, IsConj, IsNeg;
}

/// <summary>The managed half of a custom autograd function, as native/function.cpp lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionCallbacks
{
    public delegate* unmanaged<nint, nint, nint*, int, int*, byte*, int, int> Forward;
    public delegate* unmanaged<nint, nint, nint*, int, nint*, int, byte*, int, int> Backward;
    public delegate* unmanaged<nint, void> Release;
}

/// <summary>
/// The functions of libtorch_dispatch (native/*.cpp). Every call is blittable: nothing is marshalled. Those that only read or write a
/// field keep the garbage collector waiting (SuppressGCTransition), which is cheaper than telling it.
/// </summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = LibtorchLoader.LibraryName;

    static NativeMethods() => LibtorchLoader.Register();

    [DllImport(Library), SuppressGCTransition] internal static extern byte* td_last_error();
    [DllImport(Library)] internal static extern int td_find(byte* name, byte* overload, void** op);
    [DllImport(Library)] internal static extern int td_call(void* op, Value* args, int count, Value* results, int capacity, int* returned);
    [DllImport(Library)] internal static extern void td_free(void* p);
    [DllImport(Library)] internal static extern void td_release(nint* handles, int count);
    [DllImport(Library), SuppressGCTransition] internal static extern nint td_retain(nint handle);

    [DllImport(Library)] internal static extern int td_meta(nint handle, Meta* meta);
    [DllImport(Library), SuppressGCTransition] internal static extern long td_dim(nint handle);
    [DllImport(Library), SuppressGCTransition] internal static extern long td_numel(nint handle);
    [DllImport(Library), SuppressGCTransition] internal static extern long td_bytes(nint handle);
    [DllImport(Library), SuppressGCTransition] internal static extern int td_dtype(nint handle);
    [DllImport(Library)] internal static extern int td_sizes(nint handle, long* sizes, long* strides);
    [DllImport(Library)] internal static extern int td_data(nint handle, void** data);
    [DllImport(Library)] internal static extern int td_storage(nint handle, void** data, long* bytes);
    [DllImport(Library)]
    internal static extern int td_from_blob(void* data, long* sizes, int dim, int dtype, delegate* unmanaged<void*, void> deleter, void* context, nint* handle);

    [DllImport(Library)]
    internal static extern int td_backward(nint* outputs, int count, nint* gradOutputs, byte retainGraph, byte createGraph, nint* inputs, int inputCount);
    [DllImport(Library)]
    internal static extern int td_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* gradOutputs, byte retainGraph, byte createGraph, byte allowUnused, nint* grads);
    [DllImport(Library)] internal static extern int td_get_grad(nint handle, nint* grad);
    [DllImport(Library)] internal static extern int td_set_grad(nint handle, nint grad);
    [DllImport(Library)] internal static extern int td_set_requires_grad(nint handle, byte on);
    [DllImport(Library)] internal static extern int td_retain_grad(nint handle);
    [DllImport(Library)]
    internal static extern int td_function_apply(nint state, FunctionCallbacks* callbacks, nint* inputs, int count, nint* outputs, int capacity, int* returned);
    [DllImport(Library)] internal static extern int td_context_save(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int td_context_saved(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int td_context_mark_dirty(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int td_context_mark_non_differentiable(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int td_context_materialize_grads(nint context, byte on);
    [DllImport(Library)] internal static extern byte td_anomaly_enabled();
    [DllImport(Library)] internal static extern byte td_anomaly_check_nan();
    [DllImport(Library)] internal static extern void td_set_anomaly(byte on, byte checkNaN);

    [DllImport(Library), SuppressGCTransition] internal static extern byte td_grad_mode();
    [DllImport(Library), SuppressGCTransition] internal static extern void td_set_grad_mode(byte on);
    [DllImport(Library)] internal static extern byte td_inference_mode();
    [DllImport(Library)] internal static extern nint td_enter_inference_mode(byte on);
    [DllImport(Library)] internal static extern void td_leave_inference_mode(nint guard);

    [DllImport(Library)] internal static extern int td_save(nint handle, byte* path);
    [DllImport(Library)] internal static extern int td_load(byte* path, nint* handle);

    [DllImport(Library)] internal static extern byte* td_version();
    [DllImport(Library)] internal static extern int td_threads();
    [DllImport(Library)] internal static extern int td_set_threads(int n);
    [DllImport(Library)] internal static extern int td_interop_threads();
    [DllImport(Library)] internal static extern int td_set_interop_threads(int n);
    [DllImport(Library)] internal static extern byte td_switch(Switch which);
    [DllImport(Library)] internal static extern void td_set_switch(Switch which, byte on);
    [DllImport(Library)] internal static extern int td_default_dtype();
    [DllImport(Library)] internal static extern int td_set_default_dtype(int dtype);
    [DllImport(Library)] internal static extern int td_cuda_device_count();
    [DllImport(Library)] internal static extern byte td_cudnn_available();
    [DllImport(Library)] internal static extern int td_cuda_synchronize(long device);
    [DllImport(Library)] internal static extern byte td_graph_available();
    [DllImport(Library)] internal static extern int td_graph_begin(nint* captured);
    [DllImport(Library)] internal static extern int td_graph_end(nint captured);
    [DllImport(Library)] internal static extern int td_graph_replay(nint captured);
    [DllImport(Library)] internal static extern void td_graph_delete(nint captured);
    [DllImport(Library)] internal static extern int td_generator(int deviceType, int index, byte fresh, nint* generator);
    [DllImport(Library)] internal static extern void td_generator_delete(nint generator);
    [DllImport(Library)] internal static extern int td_generator_seed(nint generator, ulong seed);
    [DllImport(Library)] internal static extern int td_generator_reseed(nint generator, ulong* seed);
    [DllImport(Library)] internal static extern int td_generator_initial_seed(nint generator, ulong* seed);
    [DllImport(Library)] internal static extern int td_generator_state(nint generator, nint* state);
    [DllImport(Library)] internal static extern int td_generator_set_state(nint generator, nint state);

    /// <summary>The text of this thread's last native failure.</summary>
    internal static string LastError() => Marshal.PtrToStringUTF8((nint)td_last_error()) ?? "unknown error";

    /// <summary>Throws what libtorch said, as TorchSharp does (ExternalException), where <paramref name="status"/> is not 0.</summary>
    internal static void Check(int status, string where)
    {
        if (status != 0) throw new ExternalException($"{where}: {LastError()}");
    }
}
