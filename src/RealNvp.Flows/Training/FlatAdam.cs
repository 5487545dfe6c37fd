using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Adam (Kingma, Ba 2015, algorithm 1) over one long parameter tensor, with decoupled weight decay (Loshchilov, Hutter 2019) where it is not zero.
/// Its state is two tensors and a step count, which a checkpoint keeps.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly FlatParameters parameters;
    private readonly double weightDecay;

    internal FlatAdam(FlatParameters parameters, double weightDecay)
    {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        FirstMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    internal Tensor FirstMoment { get; }

    internal Tensor SecondMoment { get; }

    /// <summary>Updates done so far.</summary>
    internal long Count { get; set; }

    /// <summary>Moves the parameters by one update. Call it under no_grad.</summary>
    internal void Step(double learningRate)
    {
        Count++;
        var g = parameters.Gradients;
        FirstMoment.mul_(Beta1).add_(g, 1 - Beta1);
        SecondMoment.mul_(Beta2).addcmul_(g, g, 1 - Beta2);
        var corrected = SecondMoment.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, Count))).add_(Epsilon);
        if (weightDecay != 0) parameters.Values.mul_(1 - learningRate * weightDecay);
        parameters.Values.addcdiv_(FirstMoment, corrected, -learningRate / (1 - Math.Pow(Beta1, Count)));
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
