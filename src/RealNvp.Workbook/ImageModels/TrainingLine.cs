using System.Globalization;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Commands;

namespace RealNvp.Workbook.ImageModels;

/// <summary>
/// Where a training run stands, in bits per dimension: a status in a terminal, a line each time where output goes to a file.
/// </summary>
internal sealed class TrainingLine(ImageSet set) : IDisposable
{
    private readonly StatusLine _status = new();
    private readonly long _dimension = set.Shape.Aggregate(1L, (a, b) => a * b);

    internal void Show(TrainingProgress p)
    {
        var text = $"step {p.Step,6}/{p.Steps}  train "
            + $"{Bits(p.TrainLoss)}{(p.HeldOutLoss is { } h ? $"  held out {Bits(h)}" : "")} bits/dim"
            + $"  {p.StepsPerSecond:f2} steps/s  {(long)p.TimeLeft.TotalHours}:{p.TimeLeft:mm\\:ss} left";
        if (_status.IsLive) _status.Show(text);
        else Console.Error.WriteLine(text);
    }

    private string Bits(double loss) => BitsPerDim.Of(loss, _dimension, set.Levels).ToString("f4", CultureInfo.InvariantCulture);

    public void Dispose() => _status.Dispose();
}
