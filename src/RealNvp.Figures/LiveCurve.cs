using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using RealNvp.Flows.Training;

namespace RealNvp.Figures;

/// <summary>
/// A curve that grows while a cell runs: one output, replaced in place, at most so often and with at most so many points that neither page nor
/// file suffers. Outside a notebook it only collects. Give <see cref="Report"/> to <see cref="TrainingOptions.Progress"/>, or call
/// <see cref="Add"/>; disposing it shows the last state.
/// </summary>
public sealed class LiveCurve : IDisposable
{
    private const int MostShown = 400;
    private static int started;

    private readonly string title;
    private readonly string x;
    private readonly string y;
    private readonly string[] names;
    private readonly List<double> steps = [];
    private readonly List<double>[] values;
    private readonly TimeSpan pause;
    private readonly TimeProvider clock;
    private readonly string place;
    private readonly string displayId = Guid.NewGuid().ToString();   // unlike place, no other session's, whose outputs may be on the same page
    private long shownAt;
    private int shownCount;
    private KernelInvocationContext? output;

    /// <summary>Training beside held-out loss.</summary>
    /// <param name="title">What to see.</param>
    public LiveCurve(string title) : this(title, "step", "mean negative log-likelihood [nats]", ["training", "held out"]) { }

    /// <summary>Curves of any kind.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="names">Names of the curves.</param>
    /// <param name="pause">Time between two pictures at least; half a second by default.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    /// <exception cref="ArgumentException">A label is blank or there is no curve.</exception>
    public LiveCurve(string title, string x, string y, string[] names, TimeSpan? pause = null, TimeProvider? clock = null)
    {
        this.title = Required.Label(title, "The title");
        this.x = Required.Label(x, "The label of the x axis");
        this.y = Required.Label(y, "The label of the y axis");
        this.names = [.. Required.Some(names, "curve").Select(name => Required.Label(name, "The name of a curve"))];
        this.pause = pause ?? TimeSpan.FromMilliseconds(500);
        this.clock = clock ?? TimeProvider.System;
        values = [.. names.Select(_ => new List<double>())];
        place = FormattableString.Invariant($"live-{Interlocked.Increment(ref started)}");
    }

    /// <summary>How many pictures were shown.</summary>
    public int Shown { get; private set; }

    /// <summary>Adds a point to every curve; NaN where a curve has none.</summary>
    /// <exception cref="ArgumentException">There are more or fewer values than curves.</exception>
    public void Add(double step, params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != names.Length) throw new ArgumentException($"Expected {names.Length} values, one a curve; given {values.Length}.", nameof(values));
        steps.Add(step);
        for (int i = 0; i < values.Length; i++) this.values[i].Add(values[i]);
        if (steps.Count >= 2 && (output is null || clock.GetElapsedTime(shownAt) >= pause)) Show();
    }

    /// <summary>Adds a line of a training run: training loss, and held-out loss where there is one.</summary>
    public void Report(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Add(progress.Step, [progress.TrainLoss, .. names.Length > 1 ? [progress.HeldOutLoss ?? double.NaN] : Array.Empty<double>()]);
    }

    /// <summary>The figure as it stands.</summary>
    /// <exception cref="InvalidOperationException">There is no point yet.</exception>
    public Plot ToPlot()
    {
        if (steps.Count == 0) throw new InvalidOperationException("There is nothing to draw yet: Add or Report a point first.");
        int[] kept = Numbers.Thinned(steps.Count, MostShown);
        Series shownSteps = kept.Select(i => steps[i]).ToArray();
        return Plot.TrainingCurve(title, x, y, [.. names
            .Select((name, curve) => (Name: name, shownSteps, Values: kept.Select(i => values[curve][i]).ToArray()))
            .Where(curve => curve.Values.Any(double.IsFinite))
            .DefaultIfEmpty((Name: names[0], shownSteps, Values: kept.Select(i => values[0][i]).ToArray()))
            .Select(curve => (curve.Name, curve.shownSteps, (Series)curve.Values))]).Live(place);
    }

    /// <summary>Shows the last state.</summary>
    public void Dispose()
    {
        if (steps.Count > shownCount) Show();
    }

    // Not by Display and Update: in the last release of .NET Interactive an update bears another id than what it updates, and comes to stand below it.
    private void Show()
    {
        (shownAt, shownCount) = (clock.GetTimestamp(), steps.Count);
        var isFirst = output is null;
        if (KernelInvocationContext.Current is { } cell) output = cell;
        if (output is null) return;
        var plot = ToPlot();
        var formatted = FormattedValue.CreateManyFromObject(plot);
        output.Publish(isFirst
            ? new DisplayedValueProduced(plot, output.Command, formatted, displayId)
            : new DisplayedValueUpdated(plot, displayId, output.Command, formatted));
        Shown++;
    }
}
