using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>Finds what `#load "..."` names: relative to the current folder (the notebook's), then to the loading file.</summary>
internal sealed class CellSourceResolver : SourceReferenceResolver
{
    public override string NormalizePath(string path, string? baseFilePath) => Path.GetFullPath(path);

    public override string? ResolveReference(string path, string? baseFilePath)
    {
        if (baseFilePath is not null && Path.IsPathRooted(baseFilePath)
            && Path.GetFullPath(path, Path.GetDirectoryName(baseFilePath)!) is var beside && File.Exists(beside)) return beside;
        return Path.GetFullPath(path) is var here && File.Exists(here) ? here : null;
    }

    public override Stream OpenRead(string resolvedPath) => File.OpenRead(resolvedPath);

    public override bool Equals(object? other) => other is CellSourceResolver;

    public override int GetHashCode() => typeof(CellSourceResolver).GetHashCode();
}
