using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive;

/// <summary>A kernel's name and language.</summary>
public class KernelInfo(string localName, string[]? aliases = null, bool isProxy = false, bool isComposite = false, string? description = null)
{
    public string LocalName { get; } = localName;

    public string[] Aliases { get; set; } = aliases ?? [];

    public bool IsProxy { get; set; } = isProxy;

    public bool IsComposite { get; set; } = isComposite;

    public string? Description { get; set; } = description;

    public string? DisplayName { get; set; } = localName;

    public string? LanguageName { get; set; }

    public string? LanguageVersion { get; set; }

    /// <summary>The directives that this kernel follows.</summary>
    public ICollection<KernelDirective> SupportedDirectives { get; } = [];

    public override string ToString() => LocalName;
}
