namespace Microsoft.DotNet.Interactive.Commands;

/// <summary>Stops the command that runs now; it is not queued behind it.</summary>
public class Cancel(string? targetKernelName = null) : KernelCommand(targetKernelName);

/// <summary>Ends the kernel.</summary>
public class Quit : KernelCommand;
