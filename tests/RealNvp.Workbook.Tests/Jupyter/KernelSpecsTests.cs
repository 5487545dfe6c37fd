using System.Text.Json.Nodes;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Tests.Jupyter;

public sealed class KernelSpecsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Install_list_and_uninstall_belong_together()
    {
        var prefix = _folder["prefix"];
        var installed = KernelSpecs.Install(prefix, "mine");
        Assert.Equal(Path.Combine(prefix, "share/jupyter/kernels/mine"), installed.Folder);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(installed.Folder, "kernel.json")))!;
        Assert.Equal("message", (string)json["interrupt_mode"]!);
        Assert.Equal("{connection_file}", (string)json["argv"]!.AsArray()[^1]!);
        Assert.All(json["argv"]!.AsArray().Take(2), part => Assert.True(File.Exists((string)part!)));
        Assert.Contains(installed, KernelSpecs.List(prefix));
        KernelSpecs.Install(prefix, "mine");
        Assert.Equal("mine", Assert.Single(KernelSpecs.Uninstall(prefix)).Name);
        Assert.DoesNotContain(KernelSpecs.List(prefix), entry => entry.Folder.StartsWith(prefix, StringComparison.Ordinal));
        Assert.Empty(KernelSpecs.Uninstall(prefix));
    }

    [Fact]
    public void Another_kernel_of_the_standard_name_is_left_alone()
    {
        var prefix = _folder["prefix"];
        _folder.Write("prefix/share/jupyter/kernels/.net-csharp/kernel.json", """{"argv": ["dotnet", "interactive", "jupyter"], "display_name": ".NET (C#)"}""");
        _folder.Write("prefix/share/jupyter/kernels/broken/kernel.json", "{");
        Assert.Equal(KernelSpecs.OwnName, KernelSpecs.Install(prefix).Name);
        Assert.Equal(KernelSpecs.OwnName, Assert.Single(KernelSpecs.Uninstall(prefix)).Name);
        Assert.True(File.Exists(Path.Combine(prefix, "share/jupyter/kernels/.net-csharp/kernel.json")));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name) =>
        Assert.Throws<UserException>(() => KernelSpecs.Install(_folder["prefix"], name));
}
