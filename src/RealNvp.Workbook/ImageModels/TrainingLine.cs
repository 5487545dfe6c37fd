using RealNvp.Flows.Training;

namespace RealNvp.Workbook.ImageModels;

/// <summary>Where a run stands, in bits per dimension: one line that is written over in a terminal, a line each time where output goes to a file.</summary>
internal sealed class TrainingLine(ImageSet set) : IDisposable
{
    private readonly long dimension = set.Shape.Aggregate(1L, (a, b) => a * b);
    private int shown;

    internal void Show(TrainingProgress p)
    {
        var text = $"step {p.Step,6}/{p.Steps}  train {Bits(p.TrainLoss)}{(p.HeldOutLoss is { } h ? $"  held out {Bits(h)}" : "")} bits/dim"
            + $"  {p.StepsPerSecond:f2} steps/s  {(long)p.TimeLeft.TotalHours}:{p.TimeLeft:mm\\:ss} left";
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
            return;
        }
        Console.Error.Write("\r" + text.PadRight(shown));
        shown = text.Length;
    }

    private string Bits(double loss) => BitsPerDim.Of(loss, dimension, set.Levels).ToString("f4", System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (shown > 0) Console.Error.Write("\r" + new string(' ', shown) + "\r");
        shown = 0;
    }
}
