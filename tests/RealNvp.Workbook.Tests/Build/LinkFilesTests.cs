using Microsoft.Build.Utilities;
using RealNvp.Build;

namespace RealNvp.Workbook.Tests.Build;

/// <summary>The build step that puts libtorch into output folders without copying it.</summary>
public sealed class LinkFilesTests : IDisposable
{
    private static readonly DateTime Past = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string? Run(string source, string folder)
    {
        TaskItem file = new(source);
        file.SetMetadata("DestinationSubDirectory", "native/");
        return BuildStep.Run(new LinkFiles { Files = [file], Folder = _folder[folder], Store = _folder["store"] });
    }

    private static void Append(string path, string text)
    {
        // As a file that is open: a new one in its place would be no link.
        using var writer = new StreamWriter(new FileStream(path, FileMode.Append));
        writer.Write(text);
    }

    [Fact]
    public void A_file_lies_there_as_a_link_and_a_second_run_does_nothing()
    {
        var source = _folder.Write("package/torch.dll", "one");
        Assert.Null(Run(source, "out"));
        Append(source, " and the same");
        Assert.Equal("one and the same", File.ReadAllText(_folder["out/native/torch.dll"]));
        Assert.False(Directory.Exists(_folder["store"]));

        Directory.SetLastWriteTimeUtc(_folder["out/native"], Past);
        Assert.Null(Run(source, "out"));
        Assert.Equal(Past, Directory.GetLastWriteTimeUtc(_folder["out/native"]));
    }

    [Fact]
    public void Another_file_of_the_same_name_takes_its_place()
    {
        Assert.Null(Run(_folder.Write("package/1/torch.dll", "one"), "out"));
        var next = _folder.Write("package/2/torch.dll", "two");
        File.SetLastWriteTimeUtc(next, Past);
        Assert.Null(Run(next, "out"));
        Assert.Equal("two", File.ReadAllText(_folder["out/native/torch.dll"]));
        Assert.Equal("one", File.ReadAllText(_folder["package/1/torch.dll"]));
    }

    [Fact]
    public void From_another_file_system_it_is_copied_once_and_linked_from_there()
    {
        const string Other = "/dev/shm";
        var isThere = OperatingSystem.IsLinux() && DriveInfo.GetDrives().Any(drive => drive.Name == Other);
        Assert.SkipUnless(isThere, $"needs a file system {Other}");
        var package = Directory.CreateDirectory(Path.Combine(Other, Path.GetRandomFileName()));
        try
        {
            var source = Path.Combine(package.FullName, "torch.dll");
            File.WriteAllText(source, "one");
            Assert.Null(Run(source, "a"));
            Assert.Null(Run(source, "b"));
            Assert.Equal(["torch.dll"], Directory.GetFiles(_folder["store"]).Select(Path.GetFileName));
            Append(_folder["store/torch.dll"], " for all");
            foreach (var folder in new[] { "a", "b" })
                Assert.Equal("one for all", File.ReadAllText(_folder[$"{folder}/native/torch.dll"]));
            Assert.Equal("one", File.ReadAllText(source));

            Assert.Null(Run(source, "c"));
            Assert.Equal("one", File.ReadAllText(_folder["c/native/torch.dll"]));
        }
        finally
        {
            package.Delete(recursive: true);
        }
    }

    [Fact]
    public void Builds_at_once_do_not_get_into_each_others_way()
    {
        var sources = Enumerable.Range(0, 4).Select(k => _folder.Write($"package/{k}.dll", $"{k}")).ToList();
        Parallel.For(0, 64, round => Assert.Null(Run(sources[round % sources.Count], $"out{round % 2}")));
        for (var k = 0; k < sources.Count; k++) Assert.Equal($"{k}", File.ReadAllText(_folder[$"out{k % 2}/native/{k}.dll"]));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_library_of_Linux_that_was_cut_off_is_named()
    {
        var whole = new SmallElf { Offers = ["TORCH_1"], Symbols = [("at_add", null)] }.ToBytes();
        var path = _folder["package/libtorch_cpu.so"];
        Directory.CreateDirectory(_folder["package"]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains($"{path} is no whole library ({length} bytes)", Run(path, "out"), StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_folder["out"]));
        File.WriteAllBytes(path, whole);
        Assert.Null(Run(path, "out"));
    }

    [Fact]
    public void What_is_missing_or_in_the_way_is_named()
    {
        Assert.Contains(_folder["absent.dll"], Run(_folder["absent.dll"], "out"), StringComparison.Ordinal);
        _folder.Write("file", "");
        Assert.Contains(_folder["file"], Run(_folder.Write("torch.dll", "one"), "file"), StringComparison.Ordinal);
    }
}
