using System.IO.Compression;
using System.Security.Cryptography;

namespace RealNvp.Chapters;

/// <summary>A file of a data set.</summary>
/// <param name="Name">Its name, without .gz.</param>
/// <param name="Sha256">SHA-256 of its contents, unpacked, in small hexadecimal digits.</param>
public sealed record CatalogueFile(string Name, string Sha256);

/// <summary>A data set: what it is, whose it is, how to get it, and how to know that it came through whole.</summary>
/// <param name="Name">Its name in commands, and its folder's where it has one of its own.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Licence">Under which terms it may be used.</param>
/// <param name="Remedy">How to get it.</param>
/// <param name="Files">Its files.</param>
public sealed record CatalogueEntry(string Name, string Description, string Licence, string Remedy,
    IReadOnlyList<CatalogueFile> Files)
{
    private const string PackageFolder = "/usr/share/datasets";

    /// <summary>Whether every file is where it is looked for; contents are not read.</summary>
    public bool IsPresent => Files.All(file => Has(file.Name));

    /// <summary>Whether one of the set's files is where it is looked for; its contents are not read.</summary>
    public bool Has(string file) => Candidates(file).Any(File.Exists);

    /// <summary>
    /// The path of one of the set's files, packed by gzip (.gz) or not: in a data folder, in the data folders' or the cache
    /// folder's subfolder of the set's name, or where Debian's packages put data sets.
    /// </summary>
    /// <exception cref="FileNotFoundException">It is in none of them; the message says where it was looked for and how to get
    /// it.</exception>
    public string Find(string file) => Candidates(file).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"There is no {file} of the data set {Name} in "
            + $"{string.Join(", ", Candidates(file).Select(Path.GetDirectoryName).Distinct())}: {Remedy}.", file);

    /// <summary>Holds the contents of a file against the catalogue's checksum.</summary>
    /// <exception cref="InvalidDataException">They are not the same.</exception>
    public void Verify(string path)
    {
        using var packed = PlainFile.OpenRead(path);
        using var stream = IsPacked(path) ? new GZipStream(packed, CompressionMode.Decompress) : (Stream)packed;
        var name = Path.GetFileName(path);
        var file = Files.First(f => f.Name == (IsPacked(name) ? name[..^3] : name));
        var seen = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (seen != file.Sha256)
            throw new InvalidDataException(
                $"{path} is not the file {file.Name} of {Name}: its contents have the SHA-256 {seen[..12]}..., expected "
                + $"{file.Sha256[..12]}.... "
                + $"Delete it, then {Remedy}; or name the folder of files of your own.");
    }

    /// <summary>Holds every file against its checksum.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or another one.</exception>
    public void Verify()
    {
        foreach (var file in Files) Verify(Find(file.Name));
    }

    private static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> Candidates(string file) => DataFiles.Folders()
        .SelectMany(folder => new[] { folder, Path.Combine(folder, Name) })
        .Append(Path.Combine(PackageFolder, Name))
        .SelectMany(folder => new[] { Path.Combine(folder, file), Path.Combine(folder, file + ".gz") });
}
