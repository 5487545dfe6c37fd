namespace RealNvp.Workbook.Setup;

/// <summary>Says how programs that are missing are installed, and installs them with apt.</summary>
internal static class Installer
{
    /// <summary>The shell commands that bring what is missing, on Debian and Ubuntu.</summary>
    public static IReadOnlyList<string> Commands(IEnumerable<Requirement> missing)
    {
        var packages = string.Join(' ', missing.SelectMany(r => r.Packages).Distinct());
        var sudo = Environment.IsPrivilegedProcess ? "" : "sudo ";
        return [$"{sudo}apt-get update", $"{sudo}apt-get install -y --no-install-recommends {packages}"];
    }

    /// <summary>A line for each program that is missing, and, where there is apt, one that says how to get them.</summary>
    public static void Offer(IReadOnlyList<Requirement> missing, Action<string> report)
    {
        foreach (var r in missing) report($"optional, not here: {r.Name}: {r.What}");
        if (missing.Count > 0 && Tool.Find("apt-get") is not null)
            report($"to get them: ./workbook setup --install, which runs\n  {string.Join("\n  ", Commands(missing))}");
    }

    /// <summary>Runs the commands.</summary>
    /// <exception cref="UserException">There is no apt, no sudo where it is needed, or apt failed.</exception>
    public static async Task InstallAsync(IReadOnlyList<Requirement> missing, Action<string> report, CancellationToken cancel)
    {
        var names = string.Join(", ", missing.Select(r => r.Name));
        if (Tool.Find("apt-get") is null)
            throw new UserException($"--install uses apt, which this system has not: install {names} in its own way");
        var asRoot = Environment.IsPrivilegedProcess;
        if (!asRoot && Tool.Find("sudo") is null)
            throw new UserException($"installing {names} needs root and there is no sudo; as root, run:\n  "
                + $"{string.Join("\n  ", Commands(missing))}");
        foreach (var command in Commands(missing))
        {
            report(command);
            var words = command.Split(' ').ToList();
            if (!asRoot && Console.IsInputRedirected) words.Insert(1, "-n");   // nobody is there to type a password
            var environment = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" };
            var code = await Tool.RunAsync(words[0], words.Skip(1), cancel, environment: environment);
            if (code != 0)
                throw new UserException($"`{command}` ended with exit code {code} (above); mend that, or install {names} yourself");
        }
    }
}
