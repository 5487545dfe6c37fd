namespace RealNvp.Flows.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_those_who_write_one_file_at_once_none_fails_and_the_file_is_always_whole()
    {
        var path = _folder["a"];
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, writer =>
        {
            var content = new byte[100_000];
            Array.Fill(content, (byte)writer);
            for (var k = 0; k < 50; k++)
            {
                AtomicFile.Write(path, stream => stream.Write(content));
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var read = new byte[content.Length + 1];
                Assert.Equal(content.Length, file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false));
                Assert.Single(read[..^1].Distinct());
            }
        });
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_second_writer_leaves_the_first_ones_unfinished_file_alone()
    {
        var path = _folder["a"];
        AtomicFile.Write(path, first =>
        {
            first.Write("first"u8);
            first.Flush();
            AtomicFile.Write(path, "second");
            Assert.Equal("second", File.ReadAllText(path));
        });
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_killed_process_left_is_deleted_and_nothing_else()
    {
        var left = _folder.Write($".a.{Path.GetRandomFileName()}.tmp", "half");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddMinutes(-1));
        string[] others = [_folder.Write(".a.mine.tmp", ""), _folder.Write($".b.{Path.GetRandomFileName()}.tmp", ""),
            _folder.Write("a.tmp", "")];
        AtomicFile.Write(_folder["a"], "whole");
        Assert.False(File.Exists(left));
        foreach (var other in others) File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddMinutes(-1));
        AtomicFile.Write(_folder["a"], "whole");
        Assert.All(others, other => Assert.True(File.Exists(other), other));
    }

    [Fact]
    public void A_pipe_in_a_leftovers_place_is_not_waited_for()
    {
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes are files");
        File.SetLastWriteTimeUtc(Pipe.At(_folder[".a.abcdefgh.ijk.tmp"]), DateTime.UtcNow.AddMinutes(-1));
        Pipe.NotAwaited(() => AtomicFile.Write(_folder["a"], "whole"));
        Assert.Equal("whole", File.ReadAllText(_folder["a"]));
    }
}
