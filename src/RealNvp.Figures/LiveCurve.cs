using RealNvp.Flows.Training;

namespace RealNvp.Figures;

/// <summary>
/// A curve that grows while a cell runs: one output, replaced in place, at most so often and with at most so many points that
/// neither page nor file suffers. Outside a notebook it only collects. Give <see cref="Report"/> to
/// <see cref="TrainingOptions.Progress"/>, or call
/// <see cref="Add"/>; disposing it shows the last state.
/// </summary>
public sealed class LiveCurve : IDisposable
{
    private const int MostShown = 400;
    private static int _started;

    private readonly string _title;
    private readonly string _x;
    private readonly string _y;
    private readonly string[] _names;
    private readonly List<double> _steps = [];
    private readonly List<double>[] _values;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _clock;
    private readonly string _place;
    private readonly LiveOutput _output = new();
    private long _shownAt;
    private int _shownCount;

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
        _title = FigureArguments.Label(title, "The title");
        _x = FigureArguments.Label(x, "The label of the x axis");
        _y = FigureArguments.Label(y, "The label of the y axis");
        _names = [.. FigureArguments.Some(names, "curve").Select(name => FigureArguments.Label(name, "The name of a curve"))];
        _pause = pause ?? TimeSpan.FromMilliseconds(500);
        _clock = clock ?? TimeProvider.System;
        _values = [.. names.Select(_ => new List<double>())];
        _place = FormattableString.Invariant($"live-{Interlocked.Increment(ref _started)}");
    }

    /// <summary>How many pictures were shown.</summary>
    public int Shown { get; private set; }

    /// <summary>Adds a point to every curve; NaN where a curve has none.</summary>
    /// <exception cref="ArgumentException">There are more or fewer values than curves.</exception>
    public void Add(double step, params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != _names.Length)
            throw new ArgumentException($"Expected {_names.Length} values, one a curve; given {values.Length}.", nameof(values));
        _steps.Add(step);
        for (var i = 0; i < values.Length; i++) _values[i].Add(values[i]);
        if (_steps.Count >= 2 && (Shown == 0 || _clock.GetElapsedTime(_shownAt) >= _pause)) Show();
    }

    /// <summary>Adds a line of a training run: training loss, and held-out loss where there is one.</summary>
    public void Report(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Add(progress.Step, [progress.TrainLoss, .. _names.Length > 1
            ? [progress.HeldOutLoss ?? double.NaN] : Array.Empty<double>()]);
    }

    /// <summary>The figure as it stands.</summary>
    /// <exception cref="InvalidOperationException">There is no point yet.</exception>
    public Plot ToPlot()
    {
        if (_steps.Count == 0) throw new InvalidOperationException("There is nothing to draw yet: Add or Report a point first.");
        var kept = AxisNumbers.Thinned(_steps.Count, MostShown);
        Series shownSteps = kept.Select(i => _steps[i]).ToArray();
        return Plot.TrainingCurve(_title, _x, _y, [.. _names
            .Select((name, curve) => (Name: name, shownSteps, Values: kept.Select(i => _values[curve][i]).ToArray()))
            .Where(curve => curve.Values.Any(double.IsFinite))
            .DefaultIfEmpty((Name: _names[0], shownSteps, Values: kept.Select(i => _values[0][i]).ToArray()))
            .Select(curve => (curve.Name, curve.shownSteps, (Series)curve.Values))]).Live(_place);
    }

    /// <summary>Shows the last state.</summary>
    public void Dispose()
    {
        if (_steps.Count > _shownCount) Show();
    }

    private void Show()
    {
        (_shownAt, _shownCount) = (_clock.GetTimestamp(), _steps.Count);
        if (!_output.IsOpen) return;
        _output.Show(ToPlot());
        Shown++;
    }
}
