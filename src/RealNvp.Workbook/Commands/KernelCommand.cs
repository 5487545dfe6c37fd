using System.CommandLine;
using RealNvp.Workbook.Jupyter;

namespace RealNvp.Workbook.Commands;

/// <summary>
/// `kernel`: registers this checkout's program with Jupyter, so that VS Code, JupyterLab and Jupyter Notebook run the chapters.
/// </summary>
internal static class KernelCommand
{
    /// <param name="prepared">Runs work in a checkout that is in working order.</param>
    public static Command Build(Func<Func<Repository, Task<int>>, Task<int>> prepared)
    {
        var prefix = new Option<string?>("--prefix")
        {
            Description = "an installation prefix (such as /usr/local) instead of the user's own folder"
        };
        var name = new Option<string?>("--name") { Description = "a kernel name of your own" };

        var install = new Command("install", "register the kernel") { prefix, name };
        install.SetAction(parsed => prepared(_ =>
        {
            var entry = KernelSpecs.Install(parsed.GetValue(prefix), parsed.GetValue(name));
            Console.WriteLine($"{entry.Name} ({entry.DisplayName}) -> {entry.Folder}");
            return Task.FromResult(ExitCode.Success);
        }));

        var uninstall = new Command("uninstall", "take the registration away") { prefix };
        uninstall.SetAction(parsed =>
        {
            var removed = KernelSpecs.Uninstall(parsed.GetValue(prefix));
            foreach (var entry in removed) Console.WriteLine($"removed {entry.Name} from {entry.Folder}");
            if (removed.Count == 0) Console.WriteLine("no kernel of this workbook was registered");
        });

        var list = new Command("list", "the kernels that Jupyter finds") { prefix };
        list.SetAction(parsed =>
        {
            foreach (var entry in KernelSpecs.List(parsed.GetValue(prefix)))
                Console.WriteLine($"{entry.Name,-20} {entry.DisplayName,-24} {(entry.IsOurs ? "this workbook's" : "")}  "
                    + $"{entry.Folder}");
        });
        return new Command("kernel", "the Jupyter kernel: install, uninstall, list") { install, uninstall, list };
    }
}
