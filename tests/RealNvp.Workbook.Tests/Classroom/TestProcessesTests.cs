using RealNvp.Workbook.Classroom;
using TorchSharp;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>A process that tests one submission after the other begins each as if it were the first.</summary>
public sealed class TestProcessesTests : IAsyncDisposable
{
    private readonly TestProcesses _referees = new();
    private readonly TemporaryFolder _first = new(), _second = new();

    public async ValueTask DisposeAsync()
    {
        await _referees.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Nothing_of_a_notebook_outlives_it()
    {
        // The first draw of a generator that nobody has seeded, and the default dtype.
        var draw = $"#r \"{typeof(torch).Assembly.Location}\"\nusing TorchSharp;\n$\"{{torch.rand(1).item<float>():r}} "
            + $"{{torch.zeros(1).dtype}} {{Environment.CurrentDirectory}}\"";
        var (process, seen) = (0, "");
        await using (var loan = await _referees.TakeAsync(_first.Path, CancellationToken.None))
        {
            process = loan.Session.ProcessId;
            seen = (await RunAsync(loan, draw)).Result!;
            Assert.Null((await RunAsync(loan, "var kept = 41; torch.manual_seed(7); torch.set_default_dtype(torch.float64);"))
                .Failure);
        }
        await using (var loan = await _referees.TakeAsync(_second.Path, CancellationToken.None))
        {
            Assert.Equal(process, loan.Session.ProcessId);
            Assert.Contains("kept", (await RunAsync(loan, "kept")).Failure?.Message, StringComparison.Ordinal);
            Assert.Equal(seen.Replace(_first.Path, _second.Path, StringComparison.Ordinal), (await RunAsync(loan, draw)).Result);
        }
    }

    [Fact]
    public async Task A_process_in_which_a_cell_was_stopped_is_not_used_again()
    {
        var process = 0;
        await using (var loan = await _referees.TakeAsync(_first.Path, CancellationToken.None))
        {
            process = loan.Session.ProcessId;
            var report = await loan.Session.RunAsync(1, "System.Threading.Thread.Sleep(100_000);", TimeSpan.FromSeconds(1), null,
                CancellationToken.None);
            Assert.Contains("longer than its limit of 1 s", report.Failure?.Message, StringComparison.Ordinal);
        }
        await using var next = await _referees.TakeAsync(_first.Path, CancellationToken.None);
        Assert.NotEqual(process, next.Session.ProcessId);
    }

    private static Task<CellReport> RunAsync(TestProcesses.Loan loan, string code) =>
        loan.Session.RunAsync(1, code, TimeSpan.FromMinutes(2), null, CancellationToken.None);
}
