using System.Runtime.CompilerServices;

namespace TorchSharp.Modules;

// An optimizer's state names its fields once, in Each; whatever is done to all of them is a pass over them. The overrides that
// TorchSharp's classes declare call these.
public abstract partial class OptimizerState
{
    /// <summary>Shows the pass every field, beside the other's, in the order of the file.</summary>
    private protected virtual void Each(Pass pass, OptimizerState other)
    {
    }

    /// <summary>Numbers 0, tensors of zeros, none where a tensor is optional.</summary>
    private protected void Reset() => Each(new Resetting(_parameter), this);

    private protected void Free() => Each(new Freeing(), this);

    private protected void Move(torch.Device device) => Each(new Moving(device), this);

    private protected void Save(BinaryWriter writer) => Each(new Writing(writer), this);

    private protected void Load(BinaryReader reader) => Each(new Reading(reader, _parameter.device), this);

    private protected void Load(OptimizerState source) => Each(new Copying(_parameter.device), source);

    private protected bool IsClose(OptimizerState other)
    {
        if (other.GetType() != GetType()) return false;
        var comparing = new Comparing();
        Each(comparing, other);
        return comparing.AllClose;
    }

    private protected torch.Tensor Zeros() => ZerosLike(_parameter);

    private static torch.Tensor ZerosLike(Parameter parameter)
    {
        using var off = new NoGrad();
        return parameter.zeros_like().DetachFromDisposeScope();
    }

    private protected abstract class Pass
    {
        internal virtual void Number(ref long own, long other)
        {
        }

        internal virtual void Number(ref double own, double other)
        {
        }

        internal abstract void Tensor(ref torch.Tensor own, torch.Tensor other,
            [CallerArgumentExpression(nameof(own))] string name = "");

        /// <summary>A tensor that need not be there, with a flag in the file that says whether it is.</summary>
        internal virtual void Optional(ref torch.Tensor? own, torch.Tensor? other)
        {
            if (own is not null) Tensor(ref own, own);
        }
    }

    private sealed class Resetting(Parameter parameter) : Pass
    {
        internal override void Number(ref long own, long other) => own = 0;

        internal override void Number(ref double own, double other) => own = 0;

        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name)
        {
            own?.Dispose();
            own = ZerosLike(parameter);
        }

        internal override void Optional(ref torch.Tensor? own, torch.Tensor? other)
        {
            own?.Dispose();
            own = null;
        }
    }

    // Before the first Initialize there are no tensors yet.
    private sealed class Freeing : Pass
    {
        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name) => own?.Dispose();
    }

    private sealed class Moving(torch.Device device) : Pass
    {
        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name) => Replace(ref own!, own.to(device));
    }

    private sealed class Writing(BinaryWriter writer) : Pass
    {
        internal override void Number(ref long own, long other) => writer.Write(own);
        internal override void Number(ref double own, double other) => writer.Write(own);
        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name) => own.Save(writer);
        internal override void Optional(ref torch.Tensor? own, torch.Tensor? other) => SaveConditionalStateTensor(writer, own);
    }

    private sealed class Reading(BinaryReader reader, torch.Device device) : Pass
    {
        internal override void Number(ref long own, long other) => own = reader.ReadInt64();

        internal override void Number(ref double own, double other) => own = reader.ReadDouble();

        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name)
        {
            try
            {
                own.Load(reader);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Mismatched tensor while loading '{name}': {e.Message}", e);
            }
        }

        internal override void Optional(ref torch.Tensor? own, torch.Tensor? other) =>
            LoadConditionalStateTensor(reader, ref own, device);
    }

    private sealed class Copying(torch.Device device) : Pass
    {
        internal override void Number(ref long own, long other) => own = other;

        internal override void Number(ref double own, double other) => own = other;

        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name) =>
            Replace(ref own!, other.to(device, copy: true));

        internal override void Optional(ref torch.Tensor? own, torch.Tensor? other) =>
            Replace(ref own, other?.to(device, copy: true));
    }

    private sealed class Comparing : Pass
    {
        internal bool AllClose { get; private set; } = true;

        internal override void Number(ref long own, long other) => AllClose &= own == other;

        internal override void Number(ref double own, double other) => AllClose &= own == other;

        internal override void Tensor(ref torch.Tensor own, torch.Tensor other, string name) => AllClose &= own.allclose(other);

        internal override void Optional(ref torch.Tensor? own, torch.Tensor? other) =>
            AllClose &= own is null || other is null ? own is null && other is null : own.allclose(other);
    }

    private static void Replace(ref torch.Tensor? field, torch.Tensor? value)
    {
        value?.DetachFromDisposeScope();
        field?.Dispose();
        field = value;
    }
}
