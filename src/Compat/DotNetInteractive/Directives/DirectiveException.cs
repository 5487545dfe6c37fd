namespace Microsoft.DotNet.Interactive.Directives;

/// <summary>A directive that cannot be followed; the message is for the cell's reader.</summary>
internal sealed class DirectiveException(string message, Exception? inner = null) : Exception(message, inner);
