using System.Globalization;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>
/// Ordinary users of this machine for as long as a test lasts, and the group of those among them that are students.
/// </summary>
internal sealed class HubUsers : IDisposable
{
    internal const string Group = "wbtest";

    private readonly List<string> _names = [];

    internal HubUsers()
    {
        Remove(Group, "groupdel");
        Do("groupadd", Group);
    }

    internal static string? Missing =>
        !Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux() ? "needs root, to make two users"
        : Tool.Find("useradd") is null || Tool.Find("chpasswd") is null || Tool.Find("userdel") is null
        ? "needs useradd, userdel and chpasswd (Debian: passwd)" : null;

    /// <summary>
    /// A user with a new password, which is returned; one of that name that an earlier run left behind is removed before.
    /// </summary>
    internal string Add(string name, string home, bool student = true)
    {
        Remove(name, "userdel");
        string[] groups = student ? ["--groups", Group] : [];
        Do("useradd", ["--create-home", "--home-dir", home, "--shell", "/bin/sh", .. groups, name]);
        _names.Add(name);
        var password = Guid.NewGuid().ToString("N");
        Do("sh", "-c", $"echo '{name}:{password}' | chpasswd");
        return password;
    }

    /// <summary>The processes of these users that run now.</summary>
    internal IReadOnlyList<int> Processes()
    {
        var ids = _names.Select(name => Tool.Capture("id", ["-u", name], TimeSpan.FromSeconds(10)).Output.Trim()).ToHashSet();
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(name => ids.Contains(OwnerOf(name!))).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];
    }

    private static string OwnerOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal))
                .Split('\t')[1];
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return "";   // it has ended in the meantime
        }
    }

    public void Dispose()
    {
        foreach (var process in Processes()) Tool.Capture("kill", ["-KILL", $"{process}"], TimeSpan.FromSeconds(10));
        foreach (var name in _names) Remove(name, "userdel");
        Remove(Group, "groupdel");
    }

    private static void Remove(string name, string program) => Tool.Capture(program, [name], TimeSpan.FromSeconds(30));

    private static void Do(string program, params string[] arguments)
    {
        var (code, output) = Tool.Capture(program, arguments, TimeSpan.FromSeconds(30));
        if (code != 0) throw new InvalidOperationException($"{program} {arguments[0]}: {output}");
    }
}
