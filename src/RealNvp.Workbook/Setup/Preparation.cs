namespace RealNvp.Workbook.Setup;

/// <summary>Brings a checkout into working order: the stack chosen, its requirements met, setup.csx written. Does only what is missing.</summary>
public static class Preparation
{
    /// <param name="repository">The checkout.</param>
    /// <param name="install">Whether missing packages are installed; where not, the commands are printed and the run ends.</param>
    /// <param name="thorough">Whether everything is looked up again, also where the last setup still stands.</param>
    /// <param name="report">Receives a line for each step that does something.</param>
    /// <param name="cancel">Stops an installation that runs.</param>
    /// <returns><see cref="ExitCode.Success"/>, or <see cref="ExitCode.Rebuild"/> where the program has to be built again first.</returns>
    /// <exception cref="UserException">Something is missing and can't be, or is not to be, installed.</exception>
    public static async Task<int> RunAsync(Repository repository, bool install, bool thorough, Action<string> report, CancellationToken cancel)
    {
        var remembered = Stack.Load(repository);
        if (!thorough && remembered is not null && Stands(repository, remembered)) return ExitCode.Success;

        var stack = Choose(repository, remembered, report);
        var missing = Requirement.Of(stack.Name, stack.TorchPrefix).Where(r => !r.Met && !r.Optional).ToList();
        if (missing.FirstOrDefault(r => r.Problem is not null) is { } bad) throw new UserException($"{bad.Name} {bad.Found}: {bad.Problem}");
        if (missing.Count > 0)
        {
            if (!install)
                throw new UserException($"missing: {string.Join(", ", missing.Select(r => r.Name))}. To install what is missing, run:\n  "
                    + string.Join("\n  ", Installer.Commands(missing)));
            await Installer.InstallAsync(missing, report, cancel);
            var still = Requirement.Of(stack.Name, stack.TorchPrefix).Where(r => !r.Met && !r.Optional).ToList();
            if (still.Count > 0) throw new UserException($"still missing after the installation: {string.Join(", ", still.Select(r => r.Name))}");
        }
        if (stack.Name == Stack.Local) stack = stack with { TorchPrefix = Libtorch.Find(stack.TorchPrefix)?.Prefix };
        if (stack != remembered) stack.Save(repository);
        if (stack.TorchPrefix != remembered?.TorchPrefix) return ExitCode.Rebuild;   // the native bridge is for another libtorch now

        await FetchPlotlyAsync(repository, report, cancel);
        if (AheadOfTime.Prepare(repository, AppContext.BaseDirectory, thorough, report) || !BuiltFor(repository, stack)) return ExitCode.Rebuild;
        SetupScript.Write(repository, AppContext.BaseDirectory);
        return ExitCode.Success;
    }

    private static bool Stands(Repository repository, Stack remembered) =>
        (Stack.Asked() is not { } asked || asked == remembered.Name) && BuiltFor(repository, remembered)
        && SetupScript.IsCurrent(repository, AppContext.BaseDirectory);

    private static bool BuiltFor(Repository repository, Stack stack)
    {
        bool Beside(string file) => File.Exists(Path.Combine(AppContext.BaseDirectory, file));
        return Stack.BuiltWith == stack.Name && (stack.Name != Stack.Local || Beside("libtorch_dispatch.so"))
            && (Beside("plotly.min.js") || !File.Exists(Plotly(repository)));
    }

    private static Stack Choose(Repository repository, Stack? remembered, Action<string> report)
    {
        if (Stack.Asked() is { } asked)
            return asked == remembered?.Name ? remembered : new Stack(asked, "asked for");
        if (remembered is not null) return remembered;
        var problem = StackProbe.TryNuGet(repository, report);
        var chosen = problem is null
            ? new Stack(Stack.NuGet, "its packages restore and pass the smoke test")
            : new Stack(Stack.Local, problem);
        report($"stack {chosen.Name}: {chosen.Why}");
        return chosen;
    }

    private static string Plotly(Repository repository) =>
        Path.Combine(repository.FigureAssets, "node_modules", "plotly.js-dist-min", "plotly.min.js");

    private static async Task FetchPlotlyAsync(Repository repository, Action<string> report, CancellationToken cancel)
    {
        if (File.Exists(Plotly(repository)) || !File.Exists(Path.Combine(repository.FigureAssets, "package-lock.json"))) return;
        report("fetching plotly.js (npm ci) ...");
        var code = await Tool.RunAsync("npm", ["ci", "--silent", "--no-audit", "--no-fund"], cancel, repository.FigureAssets);
        if (code != 0) throw new UserException($"npm ci in {repository.FigureAssets} ended with exit code {code} (above); is there a network?");
    }
}
