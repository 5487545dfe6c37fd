namespace TorchSharp.Modules;

// An optimizer's options name their settings once, in Each; saving, loading, copying and filling are passes over them. The
// overrides that TorchSharp's classes declare call these.
public partial class OptimizerOptions
{
    /// <summary>Shows the pass every setting but the rates, beside the other's, in the order of the file.</summary>
    private protected virtual void Each(Pass pass, OptimizerOptions other)
    {
    }

    private protected void Save(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
        Each(new Writing(writer), this);
    }

    private protected void Load(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        Each(new Reading(reader), this);
    }

    private protected void Load(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        Each(new Copying(), source);
    }

    /// <summary>What is null becomes the default; the initial rate becomes the rate.</summary>
    internal void Fill(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate!.Value;
        Each(new Filling(), defaults);
    }

    private protected abstract class Pass
    {
        internal abstract void Setting(ref double? own, double? other);
        internal abstract void Setting(ref bool? own, bool? other);
    }

    private sealed class Writing(BinaryWriter writer) : Pass
    {
        internal override void Setting(ref double? own, double? other) => writer.Write(own!.Value);
        internal override void Setting(ref bool? own, bool? other) => writer.Write(own!.Value);
    }

    private sealed class Reading(BinaryReader reader) : Pass
    {
        internal override void Setting(ref double? own, double? other) => own = reader.ReadDouble();
        internal override void Setting(ref bool? own, bool? other) => own = reader.ReadBoolean();
    }

    private sealed class Copying : Pass
    {
        internal override void Setting(ref double? own, double? other) => own = other;
        internal override void Setting(ref bool? own, bool? other) => own = other;
    }

    private sealed class Filling : Pass
    {
        internal override void Setting(ref double? own, double? other) => own ??= other;
        internal override void Setting(ref bool? own, bool? other) => own ??= other;
    }
}
