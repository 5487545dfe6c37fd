namespace RealNvp.Flows.Training;

/// <summary>
/// The learning rate as a part of its peak: 0 .. 1, from the step alone, so that a resumed run goes on where it was.
/// </summary>
public abstract record Schedule
{
    /// <summary>The factor at a step (from 0) of a run of so many.</summary>
    public abstract double Factor(long step, long steps);

    /// <summary>Always the peak.</summary>
    public static Schedule Constant { get; } = new ConstantSchedule();

    /// <summary>From the peak to a part of it along half a cosine (Loshchilov, Hutter 2017, arXiv:1608.03983).</summary>
    /// <param name="floor">The part at the end.</param>
    public static Schedule Cosine(double floor = 0.01) => new CosineSchedule(Arguments.NotNegative(floor));

    /// <summary>Rises linearly over the first steps, then follows another schedule.</summary>
    /// <exception cref="ArgumentException">steps is negative, or there is no schedule to follow.</exception>
    public static Schedule Warmup(long steps, Schedule then)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentNullException.ThrowIfNull(then);
        return new WarmupSchedule(steps, then);
    }

    private sealed record ConstantSchedule : Schedule
    {
        public override double Factor(long step, long steps) => 1;
    }

    private sealed record CosineSchedule(double Floor) : Schedule
    {
        public override double Factor(long step, long steps) =>
            Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * step / Math.Max(1, steps))) / 2;
    }

    private sealed record WarmupSchedule(long Rise, Schedule Then) : Schedule
    {
        public override double Factor(long step, long steps) =>
            step < Rise ? (step + 1.0) / (Rise + 1) : Then.Factor(step - Rise, Math.Max(1, steps - Rise));
    }
}
