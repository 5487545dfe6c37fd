namespace TorchSharp.Utils;

/// <summary>The name under which RegisterComponents registers a field, in place of the field's own.</summary>
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
