namespace RealNvp.Workbook.Setup;

/// <summary>Installs missing packages with apt, or says how.</summary>
public static class Installer
{
    /// <summary>The shell commands that bring what is missing.</summary>
    public static IReadOnlyList<string> Commands(IEnumerable<Requirement> missing)
    {
        var packages = string.Join(' ', missing.SelectMany(r => r.Packages).Distinct());
        var sudo = Environment.IsPrivilegedProcess ? "" : "sudo ";
        return [$"{sudo}apt-get update", $"{sudo}apt-get install -y --no-install-recommends {packages}"];
    }

    /// <summary>Runs them.</summary>
    /// <exception cref="UserException">There is no apt, no sudo where it is needed, or apt failed.</exception>
    public static async Task InstallAsync(IReadOnlyList<Requirement> missing, Action<string> report, CancellationToken cancel)
    {
        var names = string.Join(", ", missing.Select(r => r.Name));
        if (Tool.Find("apt-get") is null)
            throw new UserException($"missing: {names}. This system has no apt-get: install what corresponds to Debian's packages "
                + $"{string.Join(", ", missing.SelectMany(r => r.Packages).Distinct())} and run the command again");
        var asRoot = Environment.IsPrivilegedProcess;
        if (!asRoot && Tool.Find("sudo") is null)
            throw new UserException($"missing: {names}. Installing needs root and there is no sudo; as root, run:\n  {string.Join("\n  ", Commands(missing))}");
        foreach (var command in Commands(missing))
        {
            report(command);
            var words = command.Split(' ').ToList();
            if (!asRoot && Console.IsInputRedirected) words.Insert(1, "-n");   // nobody is there to type a password
            var environment = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" };
            var code = await Tool.RunAsync(words[0], words.Skip(1), cancel, environment: environment);
            if (code != 0) throw new UserException($"`{command}` ended with exit code {code} (above); mend that, or install {names} yourself, and run the command again");
        }
    }
}
