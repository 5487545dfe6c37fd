using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tensors").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private string At(string name) => Path.Combine(_folder, name);

    public static TheoryData<ScalarType> Types() => [float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, torch.@bool, complex64, complex128];

    [Theory]
    [MemberData(nameof(Types))]
    public void BothFormatsRoundTrip(ScalarType type)
    {
        var x = (arange(6, float32).view(2, 3) - 1).to(type).t();
        x.Save(At("own"));
        var own = Tensor.Load(At("own"));
        Assert.Equal(type, own.dtype);
        Assert.True(own.Equals(x));
        x.save(At("native"));
        var native = torch.load(At("native"));
        Assert.Equal(type, native.dtype);
        Assert.True(native.Equals(x));
        Assert.Equal([(byte)'P', (byte)'K', 3, 4], File.ReadAllBytes(At("native"))[..4]);
    }

    [Fact]
    public void TheHeaderIsDtypeRankAndSizes()
    {
        using var stream = new MemoryStream();
        zeros(200, 1, int16).Save(stream);
        Assert.Equal([2, 2, 200, 1, 1], stream.ToArray()[..5]);   // 200 takes two bytes of seven bits each, 0xC8 0x01; then the size 1
    }

    [Fact]
    public void AFileThatEndsEarlyLeavesTheTensorAsItWas()
    {
        ones(10).Save(At("whole"));
        File.WriteAllBytes(At("cut"), File.ReadAllBytes(At("whole"))[..20]);
        var x = full(10, 7f);
        using var reader = new BinaryReader(File.OpenRead(At("cut")));
        Assert.Throws<EndOfStreamException>(() => x.Load(reader));
        Assert.True(x.Equals(full(10, 7f)));
    }

    [Fact]
    public void AnotherShapeOrDtypeIsRefusedAndSkippingStepsOver()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ones(3).Save(writer);
        full(2, 5f).Save(writer);
        var reader = new BinaryReader(stream);
        stream.Position = 0;
        Assert.Contains("expected shape [2], the file has [3]", Assert.Throws<ArgumentException>(() => zeros(2).Load(reader)).Message);
        stream.Position = 0;
        Assert.Contains("expected dtype Int64, the file has Float32", Assert.Throws<ArgumentException>(() => zeros(3, int64).Load(reader)).Message);
        stream.Position = 0;
        TensorExtensionMethods.Load(reader, skip: true);
        Assert.True(TensorExtensionMethods.Load(reader).Equals(full(2, 5f)));
    }

    [Fact]
    public void WhatIsNoTensorFileIsSaid()
    {
        File.WriteAllText(At("text"), "zzzz");
        Assert.Throws<InvalidDataException>(() => Tensor.Load(At("text")));
        Assert.Throws<FileNotFoundException>(() => torch.load(At("nothing")));
    }
}
