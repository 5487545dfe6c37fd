using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Commands;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>What the grader leaves on the disk.</summary>
public sealed class LeftoversTests : IDisposable
{
    private readonly Course _course = new();

    public void Dispose() => _course.Dispose();

    [Fact]
    public void Folders_of_a_grader_that_was_killed_go_and_those_of_another_stay()
    {
        var work = _course["work"];
        // A lock that nobody holds, as the kernel leaves it where a process ends in any way.
        _course.Write("work/killed/lock", "");
        _course.Write("work/killed/job/setup.csx", "");
        Directory.CreateDirectory(_course["work/beginning"]);
        Directory.CreateDirectory(_course["work/old"]);
        Directory.SetLastWriteTimeUtc(_course["work/old"], DateTime.UtcNow.AddHours(-1));
        using (var used = new JobFolder(work, _course.Repository))
        {
            Grader.Sweep(work);
            Assert.True(File.Exists(Path.Combine(used.Path, "setup.csx")));
            Assert.Equal(["beginning", Path.GetFileName(Path.GetDirectoryName(used.Path))!],
                Directory.GetDirectories(work).Select(Path.GetFileName).OrderByDescending(name => name == "beginning"));
        }
        Assert.Equal(["beginning"], Directory.GetDirectories(work).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Collected_work_is_its_collectors_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights");
            return;
        }
        var assignment = Assignment.All(Repository.Find())[0];
        var name = Path.GetFileNameWithoutExtension(assignment);
        _course.Write($"inbox/Jane Doe/{name} (1).ipynb", Assignment.Read(assignment).ToRelease().ToJsonString());
        var line = CommandLine.Build().Parse(
            ["assignment", "collect", _course["inbox"], "--name", "1", "--course", _course["course"]]);
        Assert.Equal(0, await line.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        var file = _course[$"course/submitted/Jane Doe/{name}/{name}.ipynb"];
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_course["course/submitted"]));
    }
}
