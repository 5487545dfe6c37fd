namespace Microsoft.DotNet.Interactive;

/// <summary>A package by name and version.</summary>
public class PackageReference(string packageName, string? packageVersion = null)
{
    public string PackageName { get; } = packageName;

    public string PackageVersion { get; } = packageVersion ?? "";

    public bool IsPackageVersionSpecified => PackageVersion.Length > 0;

    /// <summary>Reads `nuget:Name` or `nuget:Name,Version`.</summary>
    public static bool TryParse(string value, out PackageReference? reference)
    {
        reference = null;
        if (!value.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)) return false;
        var parts = value["nuget:".Length..].Split(',', 2, StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0) return false;
        reference = new PackageReference(parts[0], parts.Length > 1 ? parts[1] : null);
        return true;
    }

    public override string ToString() => IsPackageVersionSpecified ? $"{PackageName},{PackageVersion}" : PackageName;
}

/// <summary>A package that was restored, and its files.</summary>
public class ResolvedPackageReference(
    string packageName, string packageVersion, IReadOnlyList<string> assemblyPaths, string? packageRoot = null,
    IReadOnlyList<string>? probingPaths = null) : PackageReference(packageName, packageVersion)
{
    public IReadOnlyList<string> AssemblyPaths { get; } = assemblyPaths;

    public string? PackageRoot { get; } = packageRoot;

    public IReadOnlyList<string> ProbingPaths { get; } = probingPaths ?? [];
}
