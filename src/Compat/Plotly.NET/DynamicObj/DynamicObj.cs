using System.Dynamic;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.FSharp.Core;

namespace DynamicObj;

/// <summary>An object whose properties are set by name at run time; instance properties of a derived class count as properties too.</summary>
public class DynamicObj : DynamicObject
{
    private readonly Dictionary<string, object?> properties = [];

    /// <summary>The value of the property called <paramref name="propertyName"/>, or None.</summary>
    public FSharpOption<object?> TryGetPropertyValue(string propertyName)
    {
        if (properties.TryGetValue(propertyName, out object? value)) return FSharpOption<object?>.Some(value);
        PropertyInfo? property = InstanceProperty(propertyName);
        return property is null ? FSharpOption<object?>.None : FSharpOption<object?>.Some(property.GetValue(this));
    }

    /// <summary>The value of the property called <paramref name="propertyName"/> if it is a <typeparamref name="TPropertyValue"/>, else None.</summary>
    public FSharpOption<TPropertyValue> TryGetTypedPropertyValue<TPropertyValue>(string propertyName) =>
        TryGetPropertyValue(propertyName) is { Value: TPropertyValue typed } ? FSharpOption<TPropertyValue>.Some(typed) : FSharpOption<TPropertyValue>.None;

    /// <summary>Sets a property, adding it where there is none.</summary>
    /// <exception cref="ArgumentException">The property is an instance property without a setter.</exception>
    public void SetProperty(string propertyName, object? propertyValue)
    {
        PropertyInfo? property = InstanceProperty(propertyName);
        if (property is null) properties[propertyName] = propertyValue;
        else if (property.CanWrite) property.SetValue(this, propertyValue);
        else throw new ArgumentException("Readonly property - Property set method not found.");
    }

    /// <summary>Removes a property (an instance property becomes null); true if there was one.</summary>
    public bool RemoveProperty(string propertyName)
    {
        if (InstanceProperty(propertyName) is not { CanWrite: true } property) return properties.Remove(propertyName);
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

    /// <summary>Copies the properties set by name (not the instance properties) to <paramref name="target"/>, those that it has only where
    /// <paramref name="overWrite"/> says so.</summary>
    public void ShallowCopyDynamicPropertiesTo<d>(d target, [Optional] FSharpOption<bool>? overWrite) where d : DynamicObj
    {
        foreach ((string name, object? value) in properties)
            if (overWrite is { Value: true } || target.TryGetPropertyValue(name) is null) target.SetProperty(name, value);
    }

    /// <summary>A new object with the properties set by name.</summary>
    public DynamicObj ShallowCopyDynamicProperties()
    {
        DynamicObj copy = new();
        ShallowCopyDynamicPropertiesTo(copy);
        return copy;
    }

    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        FSharpOption<object?> value = TryGetPropertyValue(binder.Name);
        result = value?.Value;
        return value is not null;
    }

    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        SetProperty(binder.Name, value);
        return true;
    }

    public override IEnumerable<string> GetDynamicMemberNames() => GetProperties(true).Select(property => property.Key);

    private PropertyInfo? InstanceProperty(string name) => GetType().GetProperty(name);
}
