namespace RealNvp.Workbook.Setup;

/// <summary>Brings a built checkout into working order. Does only what is missing.</summary>
internal static class Preparation
{
    /// <param name="repository">The checkout.</param>
    /// <param name="ahead">
    /// Whether the C# compiler is compiled ahead of time: half a minute, once, for a second at the start of every notebook; where
    /// somebody waits for a kernel that pays.
    /// </param>
    /// <param name="report">Receives a line for each step that does something.</param>
    /// <param name="cancel">Stops waiting for another that does the same.</param>
    /// <exception cref="UserException">The checkout cannot be written.</exception>
    public static void Run(Repository repository, bool ahead, Action<string> report, CancellationToken cancel)
    {
        if (SetupScript.IsCurrent(repository, AppContext.BaseDirectory)
            && !(ahead && AheadOfTime.IsMissing(repository, AppContext.BaseDirectory))) return;
        using var turn = CheckoutLock.Take(repository, "setup", report, cancel);
        if (ahead) AheadOfTime.Prepare(repository, AppContext.BaseDirectory, report);
        SetupScript.Write(repository, AppContext.BaseDirectory);
    }
}
