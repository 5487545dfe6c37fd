using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// An ATen operator, looked up once by its schema name. A call converts the arguments on the stack, crosses the border once, and wraps
/// the results. The operator lists of Aten.cs hold one of these each.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private void* _handle;

    private string FullName => overload.Length == 0 ? name : $"{name}.{overload}";

    private void* Handle => _handle != null ? _handle : Find();

    /// <summary>Whether this libtorch has the operator (newer ones have more).</summary>
    internal bool Exists
    {
        get
        {
            try
            {
                return Handle != null;
            }
            catch (ExternalException)
            {
                return false;
            }
        }
    }

    private void* Find()
    {
        void* found;
        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'), o = Encoding.UTF8.GetBytes(overload + '\0'))
            NativeMethods.Check(NativeMethods.td_find(n, o, &found), FullName);
        return _handle = found;
    }

    /// <summary>The one tensor that the operator returns.</summary>
    internal torch.Tensor Run(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return new torch.Tensor((nint)result.P);
    }

    /// <summary>For operators that change their first argument, whose result is not wanted again.</summary>
    internal void RunInPlace(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    /// <summary>For operators that change their first argument: returns that same object.</summary>
    internal torch.Tensor InPlace(params ReadOnlySpan<Arg> args)
    {
        Invoke(args, null, 0);
        return Unsafe.As<torch.Tensor>(args[0].Object!);
    }

    internal (torch.Tensor, torch.Tensor) Run2(params ReadOnlySpan<Arg> args)
    {
        var r = stackalloc Value[2];
        Invoke(args, r, 2);
        return (new((nint)r[0].P), new((nint)r[1].P));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) Run3(params ReadOnlySpan<Arg> args)
    {
        var r = stackalloc Value[3];
        Invoke(args, r, 3);
        return (new((nint)r[0].P), new((nint)r[1].P), new((nint)r[2].P));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor) Run4(params ReadOnlySpan<Arg> args)
    {
        var r = stackalloc Value[4];
        Invoke(args, r, 4);
        return (new((nint)r[0].P), new((nint)r[1].P), new((nint)r[2].P), new((nint)r[3].P));
    }

    /// <summary>A list of tensors.</summary>
    internal torch.Tensor[] RunList(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        var tensors = new torch.Tensor[result.Count];
        for (var k = 0; k < tensors.Length; k++) tensors[k] = new(((nint*)result.P)[k]);
        NativeMethods.td_free(result.P);
        return tensors;
    }

    /// <summary>An operator without results, or whose results are not wanted and are no tensors.</summary>
    internal void RunVoid(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    internal bool RunBool(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return result.I != 0;
    }

    internal Scalar RunScalar(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        switch (result.Tag)
        {
            case Tag.Double: return new Scalar(result.D, torch.ScalarType.Float64);
            case Tag.Complex:
                var complex = new Scalar(((double*)result.P)[0], ((double*)result.P)[1]);
                NativeMethods.td_free(result.P);
                return complex;
            case Tag.Bool: return new Scalar(result.I, torch.ScalarType.Bool);
            default: return new Scalar(result.I, torch.ScalarType.Int64);
        }
    }

    private const int InlineSlots = 64;

    [SkipLocalsInit]
    private int Invoke(ReadOnlySpan<Arg> args, Value* results, int capacity)
    {
        var handle = Handle;
        var values = stackalloc Value[args.Length];
        var slots = stackalloc long[InlineSlots];   // the elements of short lists
        var used = 0;
        List<nint>? allocated = null;               // and of long ones
        for (var k = 0; k < args.Length; k++)
        {
            ref readonly var a = ref args[k];
            ref var v = ref values[k];
            v.Tag = a.Tag;
            v.Count = a.Count;
            switch (a.Tag)
            {
                case Tag.Tensor:
                    v.P = (void*)Unsafe.As<torch.Tensor>(a.Object!).Handle;
                    break;
                case Tag.IntList:
                case Tag.DoubleList:
                case Tag.TensorList:
                case Tag.OptionalTensorList:
                case Tag.Complex:
                case Tag.String:
                case Tag.StringList:
                    CopyList(in a, ref v, slots, ref used, ref allocated);
                    break;
                case Tag.OneInt:
                    v.Tag = Tag.IntList;
                    if (used == InlineSlots) goto case Tag.IntList;
                    v.P = slots + used;
                    slots[used++] = a.Bits;
                    break;
                case Tag.PinnedIntList:
                    v.Tag = Tag.IntList;
                    v.I = a.Bits;
                    break;
                default:
                    v.I = a.Bits;
                    break;
            }
        }
        int returned;
        var status = NativeMethods.td_call(handle, values, args.Length, results, capacity, &returned);
        foreach (ref readonly var a in args) GC.KeepAlive(a.Object);
        if (allocated is not null)
            foreach (var p in allocated) NativeMemory.Free((void*)p);
        if (status != 0) Throw(args);
        return returned;
    }

    private static void CopyList(in Arg a, ref Value v, long* slots, ref int used, ref List<nint>? allocated)
    {
        var count = a.Object switch
        {
            byte[] text => (text.Length + 7) / 8,
            byte[][] texts => texts.Length * 2,   // a Value each
            Array list => list.Length,
            _ => 0,
        };
        long* at;
        if (used + count <= InlineSlots)
        {
            at = slots + used;
            used += count;
        }
        else
        {
            at = (long*)NativeMemory.Alloc((nuint)count * sizeof(long));
            (allocated ??= []).Add((nint)at);
        }
        v.P = at;
        switch (a.Object)
        {
            case long[] list:
                list.CopyTo(new Span<long>(at, count));
                break;
            case double[] list:
                list.CopyTo(new Span<double>(at, count));
                break;
            case byte[] text:
                text.CopyTo(new Span<byte>(at, text.Length));
                v.Count = text.Length;
                break;
            case byte[][] texts:
                for (var k = 0; k < texts.Length; k++)
                {
                    var copy = NativeMemory.Alloc((nuint)texts[k].Length + 1);
                    (allocated ??= []).Add((nint)copy);
                    texts[k].CopyTo(new Span<byte>(copy, texts[k].Length));
                    ((Value*)at)[k] = new Value { Tag = Tag.String, Count = texts[k].Length, P = copy };
                }
                break;
            case torch.Tensor?[] list:
                for (var k = 0; k < count; k++) at[k] = list[k] is { } t ? t.Handle : 0;
                break;
        }
    }

    private void Throw(ReadOnlySpan<Arg> args)
    {
        var said = NativeMethods.LastError();
        var given = new StringBuilder();
        foreach (ref readonly var a in args)
        {
            if (given.Length > 0) given.Append("; ");
            given.Append(a.Describe());
        }
        throw new ExternalException($"{FullName}: {said.TrimEnd()}\n  called with ({given})");
    }
}
