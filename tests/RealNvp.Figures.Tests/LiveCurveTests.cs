using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Flows.Training;

namespace RealNvp.Figures.Tests;

[Collection("formatters")]
public class LiveCurveTests
{
    private sealed class HandClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }

    [Fact]
    public async Task It_is_one_output_updated_at_a_bounded_rate_with_a_bounded_size()
    {
        NotebookFigures.Register();
        HandClock clock = new();
        var shown = 0;
        using CSharpKernel kernel = new();
        kernel.RegisterCommandHandler<SubmitCode>((_, _) =>
        {
            using (LiveCurve live = new("Loss falls", "step", "loss [nats]", ["training", "held out"], TimeSpan.FromSeconds(1),
                clock))
            {
                for (var step = 1; step <= 10_000; step++)
                {
                    clock.Milliseconds += 10;
                    live.Report(new TrainingProgress(step, 10_000, 1.0 / step, step % 10 == 0 ? 2.0 / step : null, 100,
                        TimeSpan.Zero));
                }
                live.Dispose();
                shown = live.Shown;
            }
            return Task.CompletedTask;
        });

        var result = await kernel.SendAsync(new SubmitCode("train"));

        Assert.DoesNotContain(result.Events, one => one is CommandFailed);
        var first = Assert.Single(result.Events.OfType<DisplayedValueProduced>());
        DisplayedValueUpdated[] updates = [.. result.Events.OfType<DisplayedValueUpdated>()];
        Assert.All(updates, update => Assert.Equal(first.ValueId, update.ValueId));
        Assert.Equal(shown, updates.Length + 1);
        Assert.InRange(shown, 90, 102); // 100 seconds of the clock at one picture a second, and the last
        Assert.All(updates, update =>
            Assert.InRange(update.FormattedValues.Single(value => value.MimeType == "text/html").Value.Length, 500, 40_000));
    }

    [Fact]
    public void Outside_a_notebook_it_collects()
    {
        using LiveCurve live = new("Loss");
        live.Add(1, 3, double.NaN);
        live.Add(2, 2, 2.5);
        Assert.Equal(0, live.Shown);
        Assert.Equal(3, live.ToPlot().Traces.Count); // two curves and the mark of the lowest point
        Assert.Throws<ArgumentException>(() => live.Add(3, 1));
    }

    [Fact]
    public void With_nothing_to_draw_it_says_so()
    {
        using LiveCurve live = new("Loss");
        Assert.Throws<InvalidOperationException>(live.ToPlot);
    }
}
