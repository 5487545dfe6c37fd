using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time_has_it_and_it_leaves_nothing()
    {
        var path = _folder["new/a"];
        using (FileLock.Take(path))
        {
            var error = Assert.Throws<IOException>(() => FileLock.Take(path, "the weights"));
            Assert.Matches(@"^the weights is being written by another run of this process since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
                error.Message);
            using var other = FileLock.Take(_folder["new/b"]);
        }
        FileLock.Take(path).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder["new"]));
    }

    [Fact]
    public void A_lock_file_that_a_killed_process_left_is_taken_over()
    {
        _folder.Write(".a.lock", "an old one");
        FileLock.Take(_folder["a"]).Dispose();
        Assert.False(File.Exists(_folder[".a.lock"]));
    }

    [Fact]
    public void A_link_in_its_place_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        var precious = _folder.Write("precious", "text");
        File.CreateSymbolicLink(_folder[".a.lock"], precious);
        Assert.Contains("is no plain file", Assert.Throws<IOException>(() => FileLock.Take(_folder["a"])).Message);
        Assert.Equal("text", File.ReadAllText(precious));
    }

    [Fact]
    public void A_folder_or_a_pipe_in_its_place_is_said_to_be_there()
    {
        Directory.CreateDirectory(_folder[".a.lock"]);
        Assert.Contains("is no plain file", Assert.Throws<IOException>(() => FileLock.Take(_folder["a"])).Message);
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes are files");
        Pipe.At(_folder[".b.lock"]);
        Pipe.NotAwaited(() =>
            Assert.Contains("is no plain file", Assert.Throws<IOException>(() => FileLock.Take(_folder["b"])).Message));
    }

    [Fact]
    public void Of_many_at_once_only_one_has_it()
    {
        var (inside, most, turns) = (0, 0, 0);
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var k = 0; k < 200; k++)
            {
                try
                {
                    using var held = FileLock.Take(_folder["a"]);
                    InterlockedMax(ref most, Interlocked.Increment(ref inside));
                    Interlocked.Increment(ref turns);
                    Interlocked.Decrement(ref inside);
                }
                catch (IOException)
                {
                    // taken
                }
            }
        });
        Assert.Equal(1, most);
        Assert.True(turns > 0);
    }

    [Fact]
    public void Two_trainings_do_not_write_one_checkpoint()
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions { Steps = 2, LogEvery = 1, Checkpoint = _folder["run.safetensors"] };
        var said = "";
        var result = Trainer.Fit(Architectures.RealNvp2D(2, [4]), Toys.Moons(32), options: options with
        {
            Progress = _ => said = Assert.Throws<IOException>(() =>
                Trainer.Fit(Architectures.RealNvp2D(2, [8]), Toys.Moons(32), options: options with { Progress = null })).Message,
        });
        Assert.Contains("another run of this process", said);
        Assert.Equal(2, result.Steps);
        Weights.Load(Architectures.RealNvp2D(2, [4]), options.Checkpoint!);
        Assert.Equal([options.Checkpoint], Directory.GetFileSystemEntries(_folder.Path));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen;
            seen = Volatile.Read(ref most)) { }
    }
}
