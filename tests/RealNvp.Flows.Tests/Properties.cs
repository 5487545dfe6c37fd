// One test at a time: they seed torch's global generator, which the process has one of, and one measures the process's memory.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
