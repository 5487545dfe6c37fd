namespace Microsoft.DotNet.Interactive;

/// <summary>A cell that does not compile; the inner exception's message is the list of errors.</summary>
public class CodeSubmissionCompilationErrorException(Exception innerException) : Exception(innerException.Message, innerException);

/// <summary>A command that no kernel here handles.</summary>
public class CommandNotSupportedException(Type commandType, Kernel kernel)
    : Exception($"the kernel {kernel} does not handle {commandType.Name}");
