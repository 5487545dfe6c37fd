namespace RealNvp.Flows.Training;

/// <summary>How <see cref="Trainer.FitReverse"/> goes from a model to a density known up to a factor.</summary>
public sealed record ReverseOptions
{
    /// <summary>
    /// Leave out the part of the gradient whose mean is 0, d log q(x) at fixed x: where q is p the gradient then is 0 for each
    /// sample, and not in the mean only (sticking the landing; Roeder, Wu, Duvenaud 2017, arXiv:1703.09194; for flows Vaitl,
    /// Nicoli, Nakajima, Kessel 2022, arXiv:2207.08219). It costs one more pass. Only with Alpha = 1.
    /// </summary>
    public bool PathGradients { get; init; }

    /// <summary>
    /// alpha of Renyi's divergence D_alpha(q || p), minimised by -log(mean of (p / q)^(1 - alpha)) / (1 - alpha) over a batch
    /// (Li, Turner 2016, arXiv:1602.02311): 1 is the reverse divergence, which would rather miss a mode of p than reach between two;
    /// below 1, q covers more of p, and the gradient is noisier (at 0 a large batch tells next to nothing). At most 1.
    /// </summary>
    public double Alpha { get; init; } = 1;

    /// <summary>
    /// The run starts at p^b with this b and ends at p: modes that are apart in p hang together in p^b, and q follows them apart.
    /// 1 starts at p.
    /// </summary>
    public double StartInverseTemperature { get; init; } = 1;

    /// <summary>The part of the steps over which b rises to 1.</summary>
    public double TemperedPart { get; init; } = 0.5;

    internal void Validate()
    {
        if (!(Alpha <= 1)) throw Refused(nameof(Alpha), Alpha, "at most 1");
        if (PathGradients && Alpha != 1) throw Refused(nameof(Alpha), Alpha, "1 with path gradients");
        if (!(StartInverseTemperature is > 0 and <= 1))
            throw Refused(nameof(StartInverseTemperature), StartInverseTemperature, "in (0, 1]");
        if (!(TemperedPart is > 0 and <= 1)) throw Refused(nameof(TemperedPart), TemperedPart, "in (0, 1]");
    }

    /// <summary>b at a step, from 0.</summary>
    internal double InverseTemperature(long step, long steps) =>
        StartInverseTemperature + (1 - StartInverseTemperature) * Math.Min(1, step / Math.Max(1, TemperedPart * steps));

    private static ArgumentException Refused(string name, double value, string what) =>
        new($"{name} is {what}, but was given {value:g6}.", "reverse");
}
