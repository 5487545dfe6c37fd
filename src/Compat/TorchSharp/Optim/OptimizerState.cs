namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Back to the state before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies another state, to the device of the parameter.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(torch.Device device)
    {
    }

    /// <summary>Reads what <see cref="SaveConditionalStateTensor"/> wrote: a flag, then the tensor if there is one.</summary>
    protected static void LoadConditionalStateTensor(BinaryReader reader, ref torch.Tensor? result, torch.Device device)
    {
        result?.Dispose();
        result = null;
        if (!reader.ReadBoolean()) return;
        using var read = TensorExtensionMethods.Load(reader);
        result = read.to(device).DetachFromDisposeScope();
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, torch.Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected torch.Tensor Zeros() => Filled(0);

    private protected torch.Tensor Filled(double value)
    {
        using var off = new NoGrad();
        return _parameter.full_like(value).DetachFromDisposeScope();
    }

    // A copy of another state's tensor, beside the parameter.
    private protected void Copy(ref torch.Tensor field, torch.Tensor source)
    {
        var copy = source.to(_parameter.device, copy: true).DetachFromDisposeScope();
        field.Dispose();
        field = copy;
    }

    private protected void CopyOptional(ref torch.Tensor? field, torch.Tensor? source)
    {
        var copy = source?.to(_parameter.device, copy: true).DetachFromDisposeScope();
        field?.Dispose();
        field = copy;
    }

    private protected static void Move(ref torch.Tensor field, torch.Device device)
    {
        var moved = field.to(device).DetachFromDisposeScope();
        field.Dispose();
        field = moved;
    }

    private protected static void MoveOptional(ref torch.Tensor? field, torch.Device device)
    {
        if (field is not null) Move(ref field, device);
    }

    private protected static void Read(BinaryReader reader, torch.Tensor field, string name)
    {
        try
        {
            field.Load(reader);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Mismatched tensor while loading '{name}': {e.Message}", e);
        }
    }

    private protected static void Write(BinaryWriter writer, torch.Tensor field) => field.Save(writer);

    private protected static bool Close(torch.Tensor? a, torch.Tensor? b) =>
        a is null || b is null ? a is null && b is null : a.allclose(b);
}
