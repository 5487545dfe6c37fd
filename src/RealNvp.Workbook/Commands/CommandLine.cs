using System.CommandLine;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Commands;

/// <summary>The commands and options of ./workbook.</summary>
public static class CommandLine
{
    public static RootCommand Build()
    {
        var root = new RootCommand("A workbook on normalizing flows: notebooks in C# that derive, prove and train, and the library under them.");
        var noInstall = new Option<bool>("--no-install") { Description = "print the commands that install what is missing instead of running them", Recursive = true };
        root.Options.Add(new Option<string?>("--stack") { Description = "nuget (the packages) or local (this machine's libtorch); default: what works", Recursive = true });
        root.Options.Add(new Option<bool>("--verbose") { Description = "show where an error comes from", Recursive = true });
        root.Options.Add(noInstall);

        root.Subcommands.Add(Setup(noInstall));
        root.Subcommands.Add(Run(noInstall));
        root.Subcommands.Add(Book());
        root.Subcommands.Add(Test(noInstall));
        root.Subcommands.Add(KernelCommand.Build((parsed, work, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: false, work, cancel)));
        root.Subcommands.Add(TrainCommand.Build((parsed, work, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: false, work, cancel)));
        root.Subcommands.Add(EvaluateCommand.Build((parsed, work, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: false, work, cancel)));
        root.Subcommands.Add(AssignmentCommand.Build((parsed, work, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: false, work, cancel)));
        root.Subcommands.Add(Lint());
        root.Subcommands.Add(Doctor());
        root.Subcommands.Add(Smoke());
        return root;
    }

    private static Command Setup(Option<bool> noInstall)
    {
        var command = new Command("setup", "install what is missing, choose the stack, build");
        command.SetAction((parsed, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: true, repository =>
        {
            Report($"ready: {repository.Notebooks}");
            return Task.FromResult(ExitCode.Success);
        }, cancel));
        return command;
    }

    private static Command Run(Option<bool> noInstall)
    {
        var chapters = new Argument<string[]>("chapter") { Description = "a chapter's number or name (solutions/08: its solutions), or a notebook's path; all chapters when none is given", Arity = ArgumentArity.ZeroOrMore };
        var budget = new Option<string?>("--budget") { Description = "quick (default), full or gpu: how much work the chapters do" };
        var cell = new Option<double>("--cell-limit") { Description = "seconds that one cell may run", DefaultValueFactory = _ => 600 };
        var notebook = new Option<double>("--limit") { Description = "seconds that one notebook may run", DefaultValueFactory = _ => 1800 };
        foreach (var limit in new[] { cell, notebook })
            limit.Validators.Add(r =>
            {
                if (r.Tokens.Count > 0 && !(r.GetValueOrDefault<double>() > 0)) r.AddError($"{limit.Name}: expected seconds above 0, got {r.Tokens[0].Value}");
            });
        var jobs = new Option<int?>("--jobs") { Description = "how many notebooks run at once; default: 2 where cores and memory allow" };
        jobs.Validators.Add(r =>
        {
            if (r.Tokens.Count > 0 && !(r.GetValueOrDefault<int?>() > 0)) r.AddError($"--jobs: expected a number above 0, got {r.Tokens[0].Value}");
        });
        var force = new Option<bool>("--force") { Description = "run also notebooks in which nothing has changed since their last run" };
        var command = new Command("run", "execute chapters into artifacts/executed/; what has not changed since its last run is not run again") { chapters, budget, cell, notebook, jobs, force };
        command.SetAction((parsed, cancel) =>
        {
            var limits = new RunOptions { CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(cell)), NotebookTimeout = TimeSpan.FromSeconds(parsed.GetValue(notebook)) };
            return PreparedAsync(parsed.GetValue(noInstall), thorough: false,
                repository => RunCommand.RunAsync(repository, parsed.GetValue(chapters) ?? [], parsed.GetValue(budget), limits, parsed.GetValue(jobs), parsed.GetValue(force), cancel), cancel);
        });
        return command;
    }

    private static Command Book()
    {
        var command = new Command("book", "make artifacts/book/ of the executed chapters: pages that need no network");
        command.SetAction(_ => BookCommand.Run(Repository.Find()));
        return command;
    }

    private static Command Test(Option<bool> noInstall)
    {
        var filter = new Option<string?>("--filter") { Description = "only tests that match, as `dotnet test --filter` takes it" };
        var command = new Command("test", "run every test") { filter };
        command.SetAction((parsed, cancel) => PreparedAsync(parsed.GetValue(noInstall), thorough: false,
            repository => TestCommand.RunAsync(repository, parsed.GetValue(filter), cancel), cancel));
        return command;
    }

    private static Command Lint()
    {
        var chapters = new Argument<string[]>("chapter") { Description = "a chapter's number or name (solutions/08: its solutions), or a notebook's path; all when none is given", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("lint", "check that the notebooks are what they promise to be") { chapters };
        command.SetAction(parsed => LintCommand.Run(Repository.Find(), parsed.GetValue(chapters) ?? []));
        return command;
    }

    private static Command Doctor()
    {
        var command = new Command("doctor", "say what this machine has, what is used, and what is missing");
        command.SetAction(_ => DoctorCommand.Run(Repository.Find()));
        return command;
    }

    // For the choice of the stack, not for people: hidden.
    private static Command Smoke()
    {
        var command = new Command("smoke", "one training step, one cell, one figure") { Hidden = true };
        command.SetAction((_, _) => SmokeCommand.RunAsync());
        return command;
    }

    // A command that needs the checkout in working order: it is prepared first, which may ask for a new build instead.
    private static async Task<int> PreparedAsync(bool noInstall, bool thorough, Func<Repository, Task<int>> work, CancellationToken cancel)
    {
        var repository = Repository.Find();
        var code = await Preparation.RunAsync(repository, !noInstall, thorough, Report, cancel);
        if (code == ExitCode.Success) return await work(repository);
        if (Environment.GetEnvironmentVariable("WORKBOOK_ROOT") is null)
            Report("what this program is built from has changed: run the same command once more");
        return code;
    }

    private static void Report(string line) => Console.Error.WriteLine(line);
}
