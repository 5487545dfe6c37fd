namespace RealNvp.Workbook.Classroom;

/// <summary>
/// The folder that a submission sees as its own: setup.csx and nothing else. It lies in a folder of the grader's, with a lock
/// beside it that ends with the grader: what one that was killed left behind is told from what another still works in.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    private const string Lock = "lock";
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(10);

    private readonly string _root;
    private readonly FileStream _lock;

    /// <param name="work">The grader's folder, of which others see nothing.</param>
    /// <param name="repository">The checkout, for setup.csx.</param>
    internal JobFolder(string work, Repository repository)
    {
        if (!File.Exists(repository.SetupScript))
            throw new UserException($"{repository.SetupScript} is missing; run ./workbook setup");
        PrivateFolder.Create(work);
        _root = System.IO.Path.Combine(System.IO.Path.GetFullPath(work), System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(_root);
        _lock = new FileStream(System.IO.Path.Combine(_root, Lock), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Path = System.IO.Path.Combine(_root, "job");
        Directory.CreateDirectory(Path);
        // The submission runs as another user, and must be able to look into it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.Copy(repository.SetupScript, System.IO.Path.Combine(Path, "setup.csx"));
    }

    internal string Path { get; }

    /// <summary>A file that only the grader sees.</summary>
    internal string Beside(string name) => System.IO.Path.Combine(_root, name);

    /// <summary>Deletes what killed graders left.</summary>
    internal static void Sweep(string work)
    {
        if (!Directory.Exists(work)) return;
        foreach (var root in Directory.EnumerateDirectories(work))
            try
            {
                var held = System.IO.Path.Combine(root, Lock);
                if (!File.Exists(held) && Directory.GetLastWriteTimeUtc(root) > DateTime.UtcNow - Start) continue;
                if (File.Exists(held)) using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
                Directory.Delete(root, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another grader works there.
            }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
