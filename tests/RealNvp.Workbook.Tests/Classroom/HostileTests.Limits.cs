using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>What a submission holds that is no process's memory.</summary>
public sealed partial class HostileTests
{
    [Theory]
    [InlineData("memfd_create(\"x\", 0)", "int memfd_create(string name, uint flags)")]
    [InlineData("shmget(0, 4096, 0x3b6)", "int shmget(int key, nint size, int flags)")]
    [InlineData("unshare(0x10000000)", "int unshare(int flags)")]
    [InlineData("unshare(0x20000)", "int unshare(int flags)")]
    public async Task Memory_and_namespaces_of_nobody_are_refused(string call, string declaration)
    {
        Assert.SkipWhen(CallFilter.Program() is null, "the numbers of system calls are known for x64 and Arm64");
        var attempt = await AttackAsync("[System.Runtime.InteropServices.DllImport(\"libc\", SetLastError = true)] static extern "
            + $"{declaration}; throw new Exception($\"got {{{call}}}, error "
            + "{System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}\");");
        Assert.EndsWith("got -1, error 1", attempt.Scores[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/dev/shm")]
    public async Task Files_are_counted_too(string place)
    {
        var attempt = await AttackAsync($$"""
            var n = 0;
            try { for (; n < 5000; n++) System.IO.File.WriteAllText($"{{place}}/{n}", ""); } catch (System.IO.IOException) { }
            throw new Exception($"started {n}");
            """);
        Assert.InRange(int.Parse(Started().Match(attempt.Scores[0].Message!).Groups[1].Value, null), 1, Tight.Names);
    }

    [Fact]
    public async Task Nothing_else_can_be_written_to()
    {
        var attempt = await AttackAsync("""
            var seen = new List<string>();
            foreach (var folder in new[] { "/", "/dev", "/run", "/var", "/etc", "/submission", "/sys", "/home", "/root" })
                try { System.IO.File.WriteAllText(folder + "/x", "x"); seen.Add(folder); } catch (Exception) { }
            throw new Exception("wrote: " + string.Join(", ", seen));
            """);
        Assert.EndsWith("wrote: ", attempt.Scores[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_in_memory_count_as_memory()
    {
        using (var group = MemoryGroup.Create(1 << 30, 100))
            Assert.SkipWhen(group is null, "no control group for memory can be made here");
        var attempt = await _course.GradeAsync(_course.Answer("mallory", Course.Right.Replace("    return x * Math.Exp(s);", """
                var b = new byte[1 << 20];
                for (var f = 0; f < 1024; f++) System.IO.File.WriteAllBytes($"/tmp/f{f}", b);
                return x;
            """, StringComparison.Ordinal)), Patient with { Names = 4000, Memory = 700L << 20, Files = 2L << 30 });
        Assert.Equal("the notebook held more than 700 MB of memory", attempt.Stopped);
        Assert.Equal(0, attempt.Points);
    }
}
