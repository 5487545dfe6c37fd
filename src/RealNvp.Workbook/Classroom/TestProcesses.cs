using System.Collections.Concurrent;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Processes that run tests. Starting one and making the compiler's code ready costs more than the tests of a submission do, so a
/// process tests one submission after the other. It never runs a submission's code, and nothing of a notebook outlives it: what a
/// submission returns can not reach another one's tests.
/// </summary>
internal sealed class TestProcesses : IAsyncDisposable
{
    /// <summary>Compiled cells stay in a process's memory until it ends.</summary>
    private const int MostUses = 40;

    private static readonly Dictionary<string, string?> Environment =
        new() { ["WORKBOOK_BUDGET"] = "quick", ["OMP_NUM_THREADS"] = "1" };

    private readonly ConcurrentBag<(CellSession Session, int Uses)> _idle = [];

    /// <summary>A process with a fresh notebook in a folder; given back when the loan is disposed of.</summary>
    internal async Task<Loan> TakeAsync(string folder, CancellationToken cancel)
    {
        while (_idle.TryTake(out var used))
        {
            if (await used.Session.ReopenAsync(folder, cancel).ConfigureAwait(false))
                return new Loan(this, used.Session, used.Uses + 1);
            await used.Session.DisposeAsync().ConfigureAwait(false);
        }
        return new Loan(this, CellSession.Start(folder, Environment, new CellLaunch { Arguments = [FunctionExchange.Tests] }), 1);
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var used)) await used.Session.DisposeAsync().ConfigureAwait(false);
    }

    internal sealed class Loan(TestProcesses from, CellSession session, int uses) : IAsyncDisposable
    {
        internal CellSession Session => session;

        /// <summary>A process in which something did not come to its end is not used again.</summary>
        public async ValueTask DisposeAsync()
        {
            if (session.IsClean && uses < MostUses) from._idle.Add((session, uses));
            else await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
