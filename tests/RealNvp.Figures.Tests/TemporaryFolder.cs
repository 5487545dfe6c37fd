namespace RealNvp.Figures.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("figures");

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
