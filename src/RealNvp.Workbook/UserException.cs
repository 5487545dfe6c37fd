namespace RealNvp.Workbook;

/// <summary>
/// An error that is the user's to mend: the message says what was expected, what came and what to do. It is printed as it is,
/// without a stack trace, and ends the program with exit code 1.
/// </summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
