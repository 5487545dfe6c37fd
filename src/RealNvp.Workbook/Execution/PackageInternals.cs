using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Formatting;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// The members of .NET Interactive that have to be reached although they are not public; the package gets no new versions.
/// </summary>
internal static class PackageInternals
{
    /// <summary>How the next submission is compiled.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptOptions")]
    internal static extern ref ScriptOptions OptionsOf(CSharpKernel kernel);

    /// <summary>Puts other code into a command that is on its way.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Code")]
    internal static extern void SetCode(SubmitCode command, string code);

    /// <summary>The string that says of which type a shown text is.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<MimeType>k__BackingField")]
    internal static extern ref string MimeTypeOf(FormattedValue value);
}
