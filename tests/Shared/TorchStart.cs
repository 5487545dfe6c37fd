using System.Runtime.CompilerServices;
using RealNvp.Flows;

/// <summary>Tests and benchmarks load libtorch as the workbook's program does, before anything uses it.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    internal static void Load() => TorchLibrary.Load();
}
