namespace RealNvp.Flows.Tests;

public sealed class TorchLibraryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(100_000)]
    public void A_native_library_that_was_cut_off_is_named_before_it_is_loaded(long length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the system's loader says so itself");
        using var folder = new TemporaryFolder();
        var copy = folder["libLibTorchSharp.so"];
        File.Copy(TorchLibrary.Path!, copy);
        TorchLibrary.RequireWhole(copy);
        using (var stream = File.OpenWrite(copy)) stream.SetLength(length);
        var error = Assert.Throws<BadImageFormatException>(() => TorchLibrary.RequireWhole(copy));
        Assert.Contains(copy, error.Message);
        Assert.Contains("build the program again", error.Message);
    }
}
