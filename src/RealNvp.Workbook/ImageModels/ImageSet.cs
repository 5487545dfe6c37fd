using RealNvp.Chapters;
using RealNvp.Flows.Data;
using static TorchSharp.torch;

namespace RealNvp.Workbook.ImageModels;

/// <summary>A set of images that models are trained on and judged by: bytes [N, C, H, W], taken apart once for all.</summary>
/// <param name="Name">Its name in commands.</param>
/// <param name="Levels">Levels of a pixel.</param>
/// <param name="Train">What gradients see.</param>
/// <param name="HeldOut">A part of the training images that only the choice of the best step sees.</param>
/// <param name="Test">What neither sees.</param>
/// <param name="MirrorsWell">Whether a mirror image is as good an image: clothes, but no digits.</param>
internal sealed record ImageSet(string Name, int Levels, Tensor Train, Tensor HeldOut, Tensor Test, bool MirrorsWell)
    : IDisposable
{
    private const double HeldOutPart = 1.0 / 30;   // 2,000 of 60,000

    internal static IReadOnlyList<string> Names { get; } = ["digits", "fashion-mnist", "mnist"];

    internal long[] Shape => Train.shape[1..];

    /// <exception cref="UserException">There is no such set, or its files are missing or damaged.</exception>
    internal static ImageSet Load(string name)
    {
        try
        {
            return name switch
            {
                "digits" => Digits(),
                "fashion-mnist" => Large(name, Datasets.FashionMnist().Images, Datasets.FashionMnist(train: false).Images,
                    mirrors: true),
                "mnist" => Large(name, Datasets.Mnist().Images, Datasets.Mnist(train: false).Images, mirrors: false),
                _ => throw new UserException($"expected a data set {string.Join(", ", Names)}, got \"{Shown.Text(name)}\""),
            };
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException or FormatException)
        {
            throw new UserException(e.Message, e);
        }
    }

    /// <summary>Only the test images of a set, [N, C, H, W]; null where its files are not there.</summary>
    internal static (Tensor Images, int Levels)? TestOf(string name)
    {
        try
        {
            return name switch
            {
                "fashion-mnist" => (Datasets.FashionMnist(train: false).Images, 256),
                "mnist" => (Datasets.Mnist(train: false).Images, 256),
                _ => null,
            };
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static ImageSet Digits()
    {
        using var scope = NewDisposeScope();
        var (rest, test) = Splits.TrainHeldOut(Datasets.Digits().Images, 0.2, seed: 0);
        var (train, heldOut) = Splits.TrainHeldOut(rest, 0.1, seed: 0);
        return new("digits", 17, train.DetachFromDisposeScope(), heldOut.DetachFromDisposeScope(), test.DetachFromDisposeScope(),
            MirrorsWell: false);
    }

    private static ImageSet Large(string name, Tensor images, Tensor test, bool mirrors)
    {
        using (images)
        {
            var (train, heldOut) = Splits.TrainHeldOut(images, HeldOutPart, seed: 0);
            return new(name, 256, train, heldOut, test, mirrors);
        }
    }

    public void Dispose()
    {
        Train.Dispose();
        HeldOut.Dispose();
        Test.Dispose();
    }
}
