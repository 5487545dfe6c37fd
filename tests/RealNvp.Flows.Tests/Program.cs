using RealNvp.Flows.Tests.Training;
using Xunit.Runner.InProc.SystemConsole;

// A run of its own for the tests of killed runs; else the tests.
return args is ["train", var checkpoint, var result] ? TrainingRun.Run(checkpoint, result) : await ConsoleRunner.Run(args);
