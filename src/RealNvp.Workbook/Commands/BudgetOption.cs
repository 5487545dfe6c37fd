using RealNvp.Chapters;

namespace RealNvp.Workbook.Commands;

/// <summary>The option --budget, else the environment's budget.</summary>
internal static class BudgetOption
{
    /// <exception cref="UserException">Neither names a budget.</exception>
    internal static Budget Parse(string? given)
    {
        try
        {
            return given is null ? Budget.Current : Budget.Parse(given);
        }
        catch (ArgumentException e)
        {
            throw new UserException(given is null ? e.Message : $"--budget: expected quick, full or gpu, got \"{given}\"", e);
        }
    }
}
