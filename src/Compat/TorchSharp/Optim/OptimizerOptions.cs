namespace TorchSharp.Modules;

/// <summary>The settings of a parameter group.</summary>
public partial class OptimizerOptions
{
    public OptimizerOptions()
    {
    }

    private protected OptimizerOptions(double lr) => LearningRate = lr;

    public double? LearningRate { get; set; }
    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer) => Save(writer);

    public virtual void LoadStateDict(BinaryReader reader) => Load(reader);

    public virtual void LoadStateDict(OptimizerOptions source) => Load(source);
}
