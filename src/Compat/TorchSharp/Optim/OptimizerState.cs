namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract partial class OptimizerState
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
}
