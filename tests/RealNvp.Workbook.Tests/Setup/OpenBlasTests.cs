using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

/// <summary>How many threads OpenBLAS has, as `doctor` reads it in a process of its own. Where another BLAS is in use, it says nothing of OpenBLAS.</summary>
public sealed partial class OpenBlasTests
{
    [Fact]
    public void OpenBlas_has_a_thread_for_each_core_but_where_its_threads_spin()
    {
        var report = Doctor([]);
        if (Blas().Match(report) is not { Success: true } blas || Stack.BuiltWith != "local")
        {
            Assert.DoesNotContain("in OpenBLAS's", report);
            return;
        }
        var version = Version.Parse(blas.Groups[1].Value);
        var spins = RuntimeInformation.OSArchitecture != Architecture.X64 || version >= new Version(0, 3, 27);
        Assert.Equal(spins ? 1 : Environment.ProcessorCount, ThreadsIn(report));
    }

    [Theory]
    [InlineData("OPENBLAS_NUM_THREADS")]
    [InlineData("OMP_NUM_THREADS")]
    public void A_number_that_the_user_gave_is_kept(string variable)
    {
        var report = Doctor(new() { [variable] = "1" });
        if (Blas().IsMatch(report)) Assert.Equal(1, ThreadsIn(report));
    }

    private static string Doctor(Dictionary<string, string?> given)
    {
        var environment = new Dictionary<string, string?> { ["OMP_NUM_THREADS"] = null, ["OPENBLAS_NUM_THREADS"] = null };
        foreach (var (name, value) in given) environment[name] = value;
        return Tool.Capture("dotnet", [typeof(Tool).Assembly.Location, "doctor"], TimeSpan.FromSeconds(120), environment: environment).Output;
    }

    private static int ThreadsIn(string report) => int.Parse(Threads().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"BLAS in use .*openblas.*-r(\d+\.\d+\.\d+)\.so")]
    private static partial Regex Blas();

    [GeneratedRegex(@"(\d+) in OpenBLAS's")]
    private static partial Regex Threads();
}
