using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Commands;

namespace Microsoft.DotNet.Interactive;

public delegate Task KernelCommandInvocation(KernelCommand command, KernelInvocationContext context);

public delegate Task KernelPipelineContinuation(KernelCommand command, KernelInvocationContext context);

public delegate Task KernelCommandPipelineMiddleware(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next);

/// <summary>A kernel that handles commands of one type.</summary>
public interface IKernelCommandHandler<in TCommand> where TCommand : KernelCommand
{
    Task HandleAsync(TCommand command, KernelInvocationContext context);
}

/// <summary>What a library does when a kernel loads it.</summary>
public interface IKernelExtension
{
    Task OnLoadAsync(Kernel kernel);
}
