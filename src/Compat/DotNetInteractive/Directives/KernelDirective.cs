namespace Microsoft.DotNet.Interactive.Directives;

/// <summary>A line that begins with `#!`, as a host adds it and as it is listed.</summary>
/// <param name="name">With its prefix: `#!time`.</param>
public abstract class KernelDirective(string name)
{
    public string Name { get; init; } = name;

    public string? Description { get; set; }

    public bool Hidden { get; set; }

    public override string ToString() => Name;
}

/// <summary>A directive that does something where it stands.</summary>
public class KernelActionDirective : KernelDirective
{
    public KernelActionDirective(string name, string? description = null) : base(name) => Description = description;
}
