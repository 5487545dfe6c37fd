using System.Dynamic;
using System.Reflection;
using Microsoft.FSharp.Core;

namespace DynamicObj;

/// <summary>An object whose properties are set by name at run time; instance properties of a derived class count as properties too.</summary>
public class DynamicObj : DynamicObject
{
    private readonly Dictionary<string, object?> properties = [];

    /// <summary>The value of the property called <paramref name="name"/>, or None.</summary>
    public FSharpOption<object?> TryGetValue(string name)
    {
        if (properties.TryGetValue(name, out object? value)) return FSharpOption<object?>.Some(value);
        PropertyInfo? property = InstanceProperty(name);
        return property is null ? FSharpOption<object?>.None : FSharpOption<object?>.Some(property.GetValue(this));
    }

    /// <summary>The value of the property called <paramref name="name"/> if it is a <typeparamref name="a"/>, else None.</summary>
    public FSharpOption<a> TryGetTypedValue<a>(string name) =>
        TryGetValue(name) is { Value: a typed } ? FSharpOption<a>.Some(typed) : FSharpOption<a>.None;

    /// <summary>Sets a property, adding it where there is none.</summary>
    /// <exception cref="ArgumentException">The property is an instance property without a setter.</exception>
    public void SetValue(string name, object? value)
    {
        PropertyInfo? property = InstanceProperty(name);
        if (property is null) properties[name] = value;
        else if (property.CanWrite) property.SetValue(this, value);
        else throw new ArgumentException("Readonly property - Property set method not found.");
    }

    /// <summary>Removes a property (an instance property becomes null); true if there was one.</summary>
    public bool Remove(string name)
    {
        if (InstanceProperty(name) is not { CanWrite: true } property) return properties.Remove(name);
        property.SetValue(this, null);
        return true;
    }

    /// <summary>All properties set by name, after the instance properties where these are asked for.</summary>
    public IEnumerable<KeyValuePair<string, object?>> GetProperties(bool includeInstanceProperties)
    {
        if (includeInstanceProperties)
            foreach (PropertyInfo property in GetType().GetProperties())
                yield return KeyValuePair.Create(property.Name, property.GetValue(this));
        foreach (KeyValuePair<string, object?> property in properties) yield return property;
    }

    /// <summary>Copies the properties set by name (not the instance properties) to <paramref name="target"/>.</summary>
    public void CopyDynamicPropertiesTo<a>(a target) where a : DynamicObj
    {
        foreach ((string name, object? value) in properties) target.SetValue(name, value);
    }

    /// <summary>A new object with the properties set by name.</summary>
    public DynamicObj CopyDynamicProperties()
    {
        DynamicObj copy = new();
        CopyDynamicPropertiesTo(copy);
        return copy;
    }

    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        FSharpOption<object?> value = TryGetValue(binder.Name);
        result = value?.Value;
        return value is not null;
    }

    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        SetValue(binder.Name, value);
        return true;
    }

    public override IEnumerable<string> GetDynamicMemberNames() => GetProperties(true).Select(property => property.Key);

    private PropertyInfo? InstanceProperty(string name) => GetType().GetProperty(name);
}
