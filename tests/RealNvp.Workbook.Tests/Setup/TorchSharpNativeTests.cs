using System.Runtime.InteropServices;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class TorchSharpNativeTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\u007fELF...GLIBCXX_3.4.29\0GLIBCXX_3.4.30\0", false)]
    [InlineData("\u007fELF...GLIBCXX_3.4.31\0GLIBCXX_3.4.32\0GLIBCXX_3.4.33\0", true)]
    public void An_older_runtime_is_named(string contents, bool enough)
    {
        folder.Write("libstdc++.so.6", contents);
        var refusal = TorchSharpNative.Refusal(Architecture.X64, folder["libstdc++.so.6"]);
        if (enough) Assert.Null(refusal);
        else Assert.Contains(folder["libstdc++.so.6"], refusal);
    }

    [Fact]
    public void Where_nothing_is_known_the_packages_are_tried() => Assert.Null(TorchSharpNative.Refusal(Architecture.X64, null));

    [Fact]
    public void There_is_none_for_Arm() => Assert.Contains("Arm", TorchSharpNative.Refusal(Architecture.Arm64, null));
}
