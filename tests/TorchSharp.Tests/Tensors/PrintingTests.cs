using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class PrintingTests
{
    private static readonly Tensor Matrix = tensor(new float[] { 1.541f, -0.293429f, -2.1788f, 0.568431f, -1.0845f, -1.3986f }, [2, 3]);

    private static string Lines(params string[] lines) => string.Join("\n", lines);

    [Fact]
    public void WithoutArgumentsOnlyTheMetadata() => Assert.Equal("[2x3], type = Float32, device = cpu", Matrix.ToString());

    [Fact]
    public void Julia() => Assert.Equal(
        Lines("[2x3], type = Float32, device = cpu", "   1.541 -0.29343 -2.1788", " 0.56843  -1.0845 -1.3986", ""), Matrix.str(newLine: "\n"));

    [Fact]
    public void Numpy() => Assert.Equal(Lines("[[1.541, -0.29343, -2.1788]", " [0.56843, -1.0845, -1.3986]]"), Matrix.npstr(newLine: "\n"));

    [Fact]
    public void CSharp() => Assert.Equal(
        Lines("[2x3], type = Float32, device = cpu, value = ", "float [,] {", " {1.541f, -0.29343f, -2.1788f},", " {0.56843f, -1.0845f, -1.3986f}", "}"),
        Matrix.cstr(newLine: "\n"));

    [Fact]
    public void NoDimensions()
    {
        Assert.Equal("[], type = Float32, device = cpu, value = 1.5", tensor(1.5f).str());
        Assert.Equal("2.5", tensor(2.5).npstr());
    }

    [Fact]
    public void OneDimension()
    {
        Assert.Equal("[5], type = Int64, device = cpu\n 0 1 2 3 4\n", arange(5).str(newLine: "\n"));
        Assert.Equal("[1, 2]", tensor(new long[] { 1, 2 }).npstr());
    }

    [Fact]
    public void ThreeDimensions()
    {
        var x = arange(8).view(2, 2, 2);
        Assert.Equal("[2x2x2], type = Int64, device = cpu\n[0,..,..] =\n 0 1\n 2 3\n\n[1,..,..] =\n 4 5\n 6 7\n", x.str(newLine: "\n"));
        Assert.Equal("[[[0, 1]\n  [2, 3]]\n\n [[4, 5]\n  [6, 7]]]", x.npstr(newLine: "\n"));
    }

    [Fact]
    public void LongRowsEndInAnEllipsis()
    {
        var text = arange(100).str(newLine: "\n").Split('\n')[1];
        Assert.EndsWith(" ...", text);
        Assert.True(text.Length <= 101);
        Assert.Equal("[0, 1, 2, ... 97, 98, 99]", arange(100).npstr());
    }

    [Fact]
    public void RowsAreNotLeftOut() => Assert.Equal(102, zeros(100, 10).str(newLine: "\n").Split('\n').Length);

    [Fact]
    public void TheStyleIsAPropertyThatIsNeverDefault()
    {
        Assert.Equal(TorchSharp.TensorStringStyle.Julia, torch.TensorStringStyle);
        Assert.Throws<ArgumentException>(() => torch.TensorStringStyle = TorchSharp.TensorStringStyle.Default);
    }

    [Fact]
    public void ATensorWithoutElementsHasNoTable() => Assert.ThrowsAny<InvalidOperationException>(() => zeros(0, 3).str());

    [Fact]
    public void ViewsAreWrittenInTheirOwnOrder() => Assert.Equal("[[0, 3]\n [1, 4]\n [2, 5]]", arange(6).view(2, 3).t().npstr(newLine: "\n"));
}
