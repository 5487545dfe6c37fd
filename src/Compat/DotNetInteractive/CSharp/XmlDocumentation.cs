using System.Globalization;
using System.Xml;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>The documentation file that belongs to an assembly; it is read when the first entry is asked for.</summary>
internal sealed class XmlDocumentation : DocumentationProvider
{
    private readonly string _assemblyPath;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _entries;

    private XmlDocumentation(string assemblyPath)
    {
        _assemblyPath = assemblyPath;
        _entries = new Lazy<IReadOnlyDictionary<string, string>>(Read);
    }

    internal static XmlDocumentation For(string assemblyPath) => new(assemblyPath);

    protected override string GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        _entries.Value.GetValueOrDefault(documentationMemberID, "");

    public override bool Equals(object? obj) => obj is XmlDocumentation other && other._assemblyPath == _assemblyPath;

    public override int GetHashCode() => _assemblyPath.GetHashCode(StringComparison.Ordinal);

    private Dictionary<string, string> Read()
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Files().Where(File.Exists))
        {
            try
            {
                using var reader = XmlReader.Create(file);
                while (reader.ReadToFollowing("member"))
                    if (reader.GetAttribute("name") is { } name)
                        entries.TryAdd(name, $"<member name=\"{System.Security.SecurityElement.Escape(name)}\">{reader.ReadInnerXml()}</member>");
            }
            catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
            {
                // A damaged documentation file leaves its assembly undocumented.
            }
        }
        return entries;
    }

    /// <summary>Beside the assembly; for the framework in its reference pack, where the facades' names stand for the implementation's.</summary>
    private IEnumerable<string> Files()
    {
        var beside = Path.ChangeExtension(_assemblyPath, ".xml");
        if (Path.GetDirectoryName(_assemblyPath) != HostAssemblies.FrameworkFolder) return [beside];
        var packs = Path.GetFullPath(Path.Combine(HostAssemblies.FrameworkFolder, "../../../packs/Microsoft.NETCore.App.Ref"));
        if (!Directory.Exists(packs)) return [beside];
        var reference = Directory.EnumerateDirectories(packs).Order(StringComparer.Ordinal).LastOrDefault();
        if (reference is null) return [beside];
        var folder = Directory.EnumerateDirectories(Path.Combine(reference, "ref")).Order(StringComparer.Ordinal).LastOrDefault() ?? "";
        var name = Path.GetFileName(beside);
        return name switch
        {
            "System.Private.CoreLib.xml" => new[] { "System.Runtime", "System.Runtime.Extensions", "System.Threading", "System.Collections", "System.Memory" }
                .Select(facade => Path.Combine(folder, facade + ".xml")),
            _ => [Path.Combine(folder, name.Replace("System.Private.", "System.", StringComparison.Ordinal))],
        };
    }
}
