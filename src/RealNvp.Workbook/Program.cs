using System.CommandLine;
using System.CommandLine.Help;
using RealNvp;
using RealNvp.Workbook;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Jupyter;

if (args is [CellHost.Command, .. var handles]) return await CellHost.RunAsync(handles, FunctionExchange.Create);

// Errors that are the user's to mend are one clear line; anything else is a defect of ours and says so.
var verbose = args.Contains("--verbose");
try
{
    if (args is [JupyterKernel.Command, var connectionFile]) return await JupyterKernel.RunAsync(connectionFile);
    var configuration = new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(5)
    };
    var parsed = CommandLine.Build().Parse(args);
    if (CommandLine.Problem(parsed) is { } problem && parsed.Action is not HelpAction) throw new UserException(problem);
    return await parsed.InvokeAsync(configuration);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("workbook: stopped");
    return ExitCode.Failure;
}
catch (UserException e)
{
    Say($"workbook: {(verbose ? e : e.Message)}");
    return ExitCode.Failure;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or BadImageFormatException
    && !verbose)
{
    Say($"workbook: {e.Message}");
    return ExitCode.Failure;
}
catch (Exception e) when (!verbose)
{
    Say($"workbook: unexpected: {e.GetType().Name}: {e.Message} (--verbose shows where)");
    return ExitCode.Failure;
}

// What a message quotes of files and of what students wrote is not ours: nothing in it acts on the terminal.
static void Say(string text) => Console.Error.WriteLine(Shown.Lines(text.ReplaceLineEndings("\n")));
