using RealNvp.Flows.Data;
using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// The batch of every step. The order within an epoch depends on the seed and the epoch's number only, so a resumed run meets the
/// same batches. Each epoch leaves out the remainder that does not fill a batch, another one each time.
/// </summary>
internal sealed class Batches : IDisposable
{
    private readonly Tensor data;
    private readonly Tensor? context;
    private readonly TrainingOptions options;
    private readonly long batchSize;
    private readonly long perEpoch;
    private readonly long[]? contextImage;
    private long epoch = -1;
    private Tensor? shuffled;
    private Tensor? shuffledContext;

    /// <param name="data">[N, ...event].</param>
    /// <param name="context">[N, context] or null.</param>
    /// <param name="options">Batch size, seed, noise.</param>
    /// <param name="model">What is trained: where its networks take the context for an image, it is mirrored with its
    /// event.</param>
    internal Batches(Tensor data, Tensor? context, TrainingOptions options, nn.Module? model = null)
    {
        contextImage = model?.modules().OfType<Conditioner>().Select(c => c.ContextImage)
            .FirstOrDefault(shape => shape is not null);
        this.data = data;
        this.context = context;
        this.options = options;
        batchSize = Math.Min(options.BatchSize, data.size(0));
        perEpoch = data.size(0) / batchSize;
        Noise = new Generator((ulong)options.Seed + 0x9E3779B97F4A7C15, data.device);
        Noise.manual_seed(options.Seed ^ 0x5DEECE66D);
        using var scope = NewDisposeScope();
        Fingerprint = $"{Shapes.Text(data.shape)}, sum {data.sum(ScalarType.Float64).ToDouble():r}";
    }

    /// <summary>Source of the noise that is added to batches.</summary>
    internal Generator Noise { get; }

    /// <summary>Tells one data set from another.</summary>
    internal string Fingerprint { get; }

    /// <summary>The batch of a step, in the caller's dispose scope; noise is drawn anew at each call.</summary>
    internal (Tensor X, Tensor? Context) At(long step)
    {
        Shuffle(step / perEpoch);
        var at = step % perEpoch * batchSize;
        var x = shuffled!.narrow(0, at, batchSize);
        var given = shuffledContext?.narrow(0, at, batchSize);
        if (options.FlipHorizontally)
        {
            var mirrored = torch.rand([batchSize, 1, 1, 1], ScalarType.Float32, x.device, generator: Noise).lt(0.5);
            x = torch.where(mirrored, x.flip(-1), x);
            if (given is not null && contextImage is { } shape)
            {
                var image = given.reshape([batchSize, .. shape]);
                given = torch.where(mirrored, image.flip(-1), image).flatten(1);
            }
        }
        if (options.Levels is { } levels) x = Dequantize.Fast(x, levels, Noise);
        if (options.DataNoise > 0)
            x = x + torch.randn(x.shape, x.dtype, x.device, generator: Noise) * options.DataNoise;
        if (options.DropContext > 0 && given is not null)
            given = given * torch.rand([batchSize, 1], given.dtype, given.device, generator: Noise).ge(options.DropContext);
        return (x, given);
    }

    private void Shuffle(long wanted)
    {
        if (wanted == epoch) return;
        Release();
        using var scope = NewDisposeScope();
        using var generator = new Generator();
        generator.manual_seed(unchecked(options.Seed * 1_000_003 + wanted));
        var order = torch.randperm(data.size(0), generator: generator).to(data.device);
        shuffled = data.index_select(0, order).DetachFromDisposeScope();
        shuffledContext = context?.index_select(0, order).DetachFromDisposeScope();
        epoch = wanted;
    }

    private void Release()
    {
        shuffled?.Dispose();
        shuffledContext?.Dispose();
        shuffled = shuffledContext = null;
    }

    public void Dispose()
    {
        Release();
        Noise.Dispose();
    }
}
