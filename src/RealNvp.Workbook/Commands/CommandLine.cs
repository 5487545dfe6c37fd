using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Commands;

/// <summary>The commands and options of ./workbook.</summary>
internal static class CommandLine
{
    public static Command Build()
    {
        var root = new Command(OperatingSystem.IsWindows() ? "workbook" : "./workbook",
            "A workbook on normalizing flows: notebooks in C# that derive, prove and train, and the library under them.")
        {
            new HelpOption { Recursive = true },
            new VersionOption(),
        };
        root.Options.Add(new Option<bool>("--verbose") { Description = "show where an error comes from", Recursive = true });

        root.Subcommands.Add(Setup());
        root.Subcommands.Add(Run());
        root.Subcommands.Add(Book());
        root.Subcommands.Add(Test());
        root.Subcommands.Add(KernelCommand.Build(work => PreparedAsync(work, ahead: true)));
        root.Subcommands.Add(TrainCommand.Build(PreparedAsync));
        root.Subcommands.Add(EvaluateCommand.Build(PreparedAsync));
        root.Subcommands.Add(AssignmentCommand.Build(PreparedAsync));
        root.Subcommands.Add(Lint());
        root.Subcommands.Add(Pack());
        root.Subcommands.Add(Doctor());
        return root;
    }

    /// <summary>What is wrong with a command line, in one line, or null.</summary>
    public static string? Problem(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult));
        var given = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        var problem = command.Subcommands.Count == 0 || given?.StartsWith('-') == true
            ? given is null ? parsed.Errors[0].Message.TrimEnd('.') : $"{path} takes no \"{given}\""
            : $"{(given is null ? $"{path} needs a command" : $"there is no command \"{given}\"")}; there are: "
                + string.Join(", ", command.Subcommands.Select(c => c.Name));
        return $"{problem} ({path} --help says more)";
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        [.. result.Parent is CommandResult parent ? Path(parent) : [], result.Command.Name];

    private static Command Setup()
    {
        var install = new Option<bool>("--install")
        {
            Description = "install the programs that optional parts need (with apt, through sudo if you are not root)"
        };
        var command = new Command("setup", "make the checkout ready, and say what optional parts need") { install };
        command.SetAction(async (parsed, cancel) =>
        {
            var repository = Repository.Find();
            Preparation.Run(repository, ahead: true, Report, cancel);
            Requirement[] Missing() => [.. Requirement.All().Where(r => r.Found is null)];
            if (parsed.GetValue(install) && Missing() is { Length: > 0 } missing)
                await Installer.InstallAsync(missing, Report, cancel);
            Katex.Fetch(repository, Report);
            Installer.Offer(Missing(), Report);
            Report($"ready: {repository.Notebooks}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Run()
    {
        var chapters = new Argument<string[]>("chapter")
        {
            Description = "a chapter's number or name (solutions/08: its solutions), or a notebook's path; all chapters when "
            + "none is given",
            Arity = ArgumentArity.ZeroOrMore
        };
        var budget = new Option<string?>("--budget")
        {
            Description = "quick (default), full or gpu: how much work the chapters do"
        };
        var cell = new Option<double>("--cell-limit")
        {
            Description = "seconds that one cell may run",
            DefaultValueFactory = _ => 600
        };
        var notebook = new Option<double>("--limit")
        {
            Description = "seconds that one notebook may run",
            DefaultValueFactory = _ => 1800
        };
        foreach (var limit in new[] { cell, notebook }) limit.Expect("seconds above 0", seconds => seconds > 0);
        var jobs = new Option<int?>("--jobs")
        {
            Description = "how many notebooks run at once; default: 2 where cores and memory allow"
        };
        jobs.Expect("a whole number above 0", n => n > 0 && double.IsInteger(n));
        var force = new Option<bool>("--force")
        {
            Description = "run also notebooks in which nothing has changed since their last run"
        };
        var command = new Command("run",
            "execute chapters into artifacts/executed/; what has not changed since its last run is not run again")
        {
            chapters, budget, cell, notebook, jobs, force,
        };
        command.SetAction((parsed, cancel) =>
        {
            var limits = new RunOptions
            {
                CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(cell)),
                NotebookTimeout = TimeSpan.FromSeconds(parsed.GetValue(notebook))
            };
            return PreparedAsync(
                repository => RunCommand.RunAsync(repository, parsed.GetValue(chapters) ?? [], parsed.GetValue(budget), limits,
                parsed.GetValue(jobs), parsed.GetValue(force), cancel));
        });
        return command;
    }

    private static Command Book()
    {
        var command = new Command("book", "make artifacts/book/ of the executed chapters: pages that need no network");
        command.SetAction(_ => BookCommand.Run(Repository.Find()));
        return command;
    }

    private static Command Test()
    {
        var filter = new Option<string?>("--filter")
        {
            Description = "only tests that match, as `dotnet test --filter` takes it"
        };
        var command = new Command("test", "run every test") { filter };
        command.SetAction((parsed, cancel) => PreparedAsync(
            repository => TestCommand.RunAsync(repository, parsed.GetValue(filter), cancel)));
        return command;
    }

    private static Command Lint()
    {
        var chapters = new Argument<string[]>("chapter")
        {
            Description = "a chapter's number or name (solutions/08: its solutions), or a notebook's path; all when none is given",
            Arity = ArgumentArity.ZeroOrMore
        };
        var command = new Command("lint", "check that the notebooks are what they promise to be") { chapters };
        command.SetAction(parsed => LintCommand.Run(Repository.Find(), parsed.GetValue(chapters) ?? []));
        return command;
    }

    private static Command Pack()
    {
        var command = new Command("pack", "write the libraries as NuGet packages to artifacts/packages/");
        command.SetAction((_, cancel) => PackCommand.RunAsync(Repository.Find(), cancel));
        return command;
    }

    private static Command Doctor()
    {
        var command = new Command("doctor", "say what this machine has, what is used, and what is missing");
        command.SetAction(_ => DoctorCommand.Run(Repository.Find()));
        return command;
    }

    // A command that needs the checkout in working order.
    private static Task<int> PreparedAsync(Func<Repository, Task<int>> work) => PreparedAsync(work, ahead: false);

    private static Task<int> PreparedAsync(Func<Repository, Task<int>> work, bool ahead)
    {
        var repository = Repository.Find();
        Preparation.Run(repository, ahead, Report, CancellationToken.None);
        return work(repository);
    }

    private static void Report(string line) => Console.Error.WriteLine(line);
}
