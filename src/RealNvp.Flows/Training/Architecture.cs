using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// What a model is beside its parameters, as a file of weights holds it: every module's type, and the settings that have no
/// parameter of their own (an order of features, a bound, an activation). Two models whose parameters have the same names and
/// shapes can be different maps: with the other's weights they would give wrong densities without a word.
/// </summary>
/// <remarks>
/// A setting is what a module's class keeps in a read-only field or property and is a number, a text, an enum, or a list or
/// record of these: no class has to say so, and a new one cannot forget it. A setting that only one of two descriptions has is
/// passed over, so that files outlive a field that is renamed.
/// </remarks>
internal static class Architecture
{
    /// <summary>The entry of a file's metadata.</summary>
    internal const string Key = "architecture";

    internal const string TypeKey = "type";

    // programs of one file have no resolver by default
    private static readonly JsonSerializerOptions Reflected = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>The description as JSON: modules by name, each with its type and settings.</summary>
    internal static string Of(nn.Module model) => JsonSerializer.Serialize(Describe(model), Reflected);

    /// <summary>The first difference between a model and a file's description, in words; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The text is no description.</exception>
    internal static string? Difference(nn.Module model, string saved, string path)
    {
        var here = Describe(model);
        Dictionary<string, Dictionary<string, string>> there;
        string? extra;
        try
        {
            (there, extra) = SavedArchitecture.Read(saved, here);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} describes its model in a way that cannot be read.");
        }
        foreach (var (name, settings) in here)
        {
            if (!there.TryGetValue(name, out var other))
                return $"this model has {Named(name, settings)}, the file's has none there";
            foreach (var (setting, value) in settings)
                if (other.TryGetValue(setting, out var saw) && saw != value)
                    return setting == TypeKey
                        ? $"{Place(name)} is a {value} in this model and a {Shown.Text(saw)} in the file"
                        : $"{setting} of {Named(name, settings)} is {value} in this model and {Shown.Text(saw)} in the file";
        }
        return extra is null ? null : $"the file's model has {extra}, this one has none there";
    }

    internal static string Named(string name, IReadOnlyDictionary<string, string> settings) =>
        $"{settings.GetValueOrDefault(TypeKey, "a module")} ({Place(name)})";

    private static string Place(string name) => name.Length == 0 ? "the model itself" : name;

    private static Dictionary<string, Dictionary<string, string>> Describe(nn.Module model)
    {
        var all = new Dictionary<string, Dictionary<string, string>> { [""] = Settings(model) };
        foreach (var (name, module) in model.named_modules())
            if (name.Length > 0) all[name] = Settings(module);
        return all;
    }

    private static Dictionary<string, string> Settings(nn.Module module)
    {
        var settings = new Dictionary<string, string> { [TypeKey] = NameOf(module.GetType()) };
        foreach (var (name, value) in ReadOnlyFields(module))
            if (Text(value) is { } text) settings[name] = text;
        return settings;
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>Of the module's own classes, down to TorchSharp's.</summary>
    private static IEnumerable<(string Name, object? Value)> ReadOnlyFields(nn.Module module)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = module.GetType(); type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
            foreach (var field in type.GetFields(Own)
                .Where(field => field.IsInitOnly && field.GetCustomAttribute<ComputationSettingAttribute>() is null))
                yield return (field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name,
                    field.GetValue(module));
    }

    /// <summary>The text of a value that is a setting; null of any other.</summary>
    private static string? Text(object? value) => value switch
    {
        null => "none",
        string or bool or Enum => value.ToString(),
        double number => number.ToString("r", CultureInfo.InvariantCulture),
        float number => number.ToString("r", CultureInfo.InvariantCulture),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        Tensor or nn.Module or Delegate => null,
        IEnumerable list => List(list),
        _ when value.GetType().Assembly == typeof(Architecture).Assembly => Record(value),
        _ => null,
    };

    private static string? List(IEnumerable list)
    {
        var texts = new List<string>();
        foreach (var item in list)
        {
            if (Text(item) is not { } text) return null;
            texts.Add(text);
        }
        return $"[{string.Join(", ", texts)}]";
    }

    private static string Record(object value) => string.Join(", ", value.GetType()
        .GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.GetIndexParameters().Length == 0)
        .Select(property => (property.Name, Text: Text(property.GetValue(value)))).Where(p => p.Text is not null)
        .Select(p => $"{p.Name} {p.Text}"));
}
