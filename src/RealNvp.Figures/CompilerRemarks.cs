using System.Reflection;
using Microsoft.DotNet.Interactive;

namespace RealNvp.Figures;

/// <summary>What the compiler of a C# kernel remarks on.</summary>
internal static class CompilerRemarks
{
    /// <summary>
    /// Errors only. The tool dotnet-interactive prints warnings into the notebook: that TorchSharp was built for an older .NET
    /// (CS1701) below nearly every cell, and one for every '?' after a type. It has no setting for that.
    /// </summary>
    public static void LeaveErrorsOnly(Kernel kernel)
    {
        foreach (var field in kernel.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
            if (field.GetValue(kernel) is { } options && options.GetType()
                .GetMethod("WithWarningLevel", [typeof(int)]) is { } change && change.ReturnType == field.FieldType)
                field.SetValue(kernel, change.Invoke(options, [0]));
    }
}
