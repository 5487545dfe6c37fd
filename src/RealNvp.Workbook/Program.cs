using System.CommandLine;
using RealNvp.Workbook;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Jupyter;

if (args is [CellHost.Command, .. var handles]) return await CellHost.RunAsync(handles);

// Errors that are the user's to mend are one clear line; anything else is a defect of ours and says so.
var verbose = args.Contains("--verbose");
try
{
    if (args is [JupyterKernel.Command, var connectionFile]) return JupyterKernel.Run(connectionFile);
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(5) };
    return await CommandLine.Build().Parse(args).InvokeAsync(configuration);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("workbook: stopped");
    return ExitCode.Failure;
}
catch (UserException e)
{
    Console.Error.WriteLine($"workbook: {(verbose ? e : e.Message)}");
    return ExitCode.Failure;
}
catch (Exception e) when (!verbose)
{
    Console.Error.WriteLine($"workbook: unexpected: {e.GetType().Name}: {e.Message} (--verbose shows where)");
    return ExitCode.Failure;
}
