using System.Globalization;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// A control group (Linux cgroups, both versions) with a limit on all that a submission's processes hold together: files in
/// memory and the kernel's own tables too. Where the grader may not make one, <see cref="MemoryWatch"/> is alone.
/// </summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup", Prefix = "workbook-grading-";

    private readonly string _folder;
    private readonly string _events;

    private MemoryGroup(string folder, string events) => (_folder, _events) = (folder, Path.Combine(folder, events));

    /// <summary>The file to which a process writes its number to belong to it.</summary>
    internal string Members => Path.Combine(_folder, "cgroup.procs");

    /// <summary>Whether the kernel ended one of its processes since the limit was reached.</summary>
    internal bool RanOut => Read(_events).Split('\n').Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)
        && !line.EndsWith(" 0", StringComparison.Ordinal));

    /// <summary>A group, or null where there can be none.</summary>
    internal static MemoryGroup? Create(long limit, int tasks)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        var isOld = File.Exists($"{Root}/memory/memory.limit_in_bytes");
        if (!isOld && !Read($"{Root}/cgroup.subtree_control").Split(' ', '\n').Contains("memory")) return null;
        var name = $"{Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()}";
        var group = isOld ? new MemoryGroup($"{Root}/memory/{name}", "memory.oom_control")
            : new MemoryGroup($"{Root}/{name}", "memory.events");
        try
        {
            Directory.CreateDirectory(group._folder);
            group.Set(isOld ? "memory.limit_in_bytes" : "memory.max", limit);
            group.TrySet(isOld ? "memory.memsw.limit_in_bytes" : "memory.swap.max", isOld ? limit : 0);
            if (!isOld) group.TrySet("pids.max", tasks);
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group.Dispose();
            return null;
        }
    }

    /// <summary>Takes away groups of graders that were killed.</summary>
    internal static void Sweep()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        foreach (var root in new[] { Root, $"{Root}/memory" }.Where(Directory.Exists))
            foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
                if (!Directory.Exists($"/proc/{Path.GetFileName(folder)[Prefix.Length..].Split('-')[0]}")) Remove(folder);
    }

    public void Dispose() => Remove(_folder);

    /// <summary>A group goes when its last process has gone, which takes the kernel a moment.</summary>
    private static void Remove(string folder)
    {
        for (var attempt = 0; attempt < 50 && Directory.Exists(folder); attempt++)
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                Thread.Sleep(20);
            }
            catch (UnauthorizedAccessException)
            {
                return;
            }
    }

    private void Set(string file, long value) =>
        File.WriteAllText(Path.Combine(_folder, file), value.ToString(CultureInfo.InvariantCulture));

    private void TrySet(string file, long value)
    {
        try
        {
            if (File.Exists(Path.Combine(_folder, file))) Set(file, value);
        }
        catch (IOException)
        {
            // A kernel without that limit still has the other.
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
