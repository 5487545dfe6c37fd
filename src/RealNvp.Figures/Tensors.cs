using static TorchSharp.torch;

namespace RealNvp.Figures;

/// <summary>Between tensors and arrays.</summary>
internal static class Tensors
{
    /// <summary>The values of a tensor, row by row.</summary>
    public static double[] Values(Tensor tensor)
    {
        using IDisposable scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>An array of the shape of a two-dimensional tensor.</summary>
    public static double[,] Matrix(Tensor tensor, string expected)
    {
        if (tensor.dim() != 2) throw new ArgumentException($"Expected {expected}; given {Shape(tensor)}.");
        var values = Values(tensor);
        var matrix = new double[tensor.shape[0], tensor.shape[1]];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    /// <summary>The function at points [N, 2], which it sees as a float32 tensor on the CPU, without gradients.</summary>
    public static Tensor At(Func<Tensor, Tensor> function, double[,] points)
    {
        using IDisposable scope = NewDisposeScope();
        using var quiet = no_grad();
        var result = function(tensor(points).to(ScalarType.Float32))
            ?? throw new ArgumentException("The function returned no tensor.", nameof(function));
        return result.MoveToOuterDisposeScope();
    }

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
