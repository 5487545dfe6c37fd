using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TorchSharp.Tests.Signatures;

/// <summary>Writes a member of an assembly the way the list of signatures writes it.</summary>
internal static partial class Signature
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_UnaryNegation"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Modulus"] = "%",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThan"] = ">",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^",
        ["op_OnesComplement"] = "~",
    };

    /// <summary>The name of a type as a list entry ends with it: Outer.Inner&lt;T&gt;.</summary>
    internal static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (type.IsGenericTypeDefinition)
        {
            var own = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).Select(t => t.Name).ToList();
            if (own.Count > 0) name += $"<{string.Join(", ", own)}>";
        }
        return type.DeclaringType is { } outer ? $"{NameOf(outer)}.{name}" : name;
    }

    internal static string Of(MemberInfo member) => Normal(member switch
    {
        ConstructorInfo c => $"{Access(c)}.ctor({Parameters(c)})",
        MethodInfo m => Of(m),
        PropertyInfo p => Of(p),
        FieldInfo f => Of(f),
        _ => throw new ArgumentException($"no form for {member}"),
    });

    private static string Of(MethodInfo m)
    {
        var modifiers = Access(m) + (m.IsStatic ? "static " : "");
        var returned = Name(m.ReturnType, m.ReturnParameter);
        if (m.Name is "op_Implicit" or "op_Explicit") return $"{modifiers}{m.Name[3..].ToLowerInvariant()} operator {returned}({Parameters(m)})";
        if (m.IsSpecialName && Operators.TryGetValue(m.Name, out var symbol)) return $"{modifiers}{returned} operator {symbol}({Parameters(m)})";
        var generic = m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(t => t.Name))}>" : "";
        var extension = m.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{modifiers}{returned} {m.Name}{generic}({extension}{Parameters(m)})";
    }

    private static string Of(PropertyInfo p)
    {
        var any = p.GetMethod ?? p.SetMethod!;
        var accessors = (Visible(p.GetMethod) ? "get; " : "") + (Visible(p.SetMethod) ? $"{(any.IsPublic ? Access(p.SetMethod!) : "")}set; " : "");
        var index = p.GetIndexParameters() is { Length: > 0 } parameters ? $"this[{string.Join(", ", parameters.Select(One))}]" : p.Name;
        return $"{Access(any)}{(any.IsStatic ? "static " : "")}{Name(p.PropertyType, p)} {index} {{ {accessors}}}";
    }

    private static string Of(FieldInfo f)
    {
        var access = f.IsFamily || f.IsFamilyOrAssembly ? "protected " : "";
        if (f.IsLiteral)
        {
            var value = f.GetRawConstantValue()!;
            if (f.FieldType.IsEnum) value = Enum.ToObject(f.FieldType, value);
            return string.Create(CultureInfo.InvariantCulture, $"{access}const {Name(f.FieldType, f)} {f.Name} = {value}");
        }
        return $"{access}{(f.IsStatic ? "static " : "")}{(f.IsInitOnly ? "readonly " : "")}{Name(f.FieldType, f)} {f.Name}";
    }

    internal static bool Visible(MethodBase? m) => m is not null && (m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly);

    private static string Access(MethodBase m) => m.IsPublic ? "" : m.IsFamilyOrAssembly ? "protected internal " : "protected ";

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(One));

    private static string One(ParameterInfo p)
    {
        var modifier = p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "";
        var type = p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType;
        return $"{modifier}{Name(type, p)} {p.Name}{(p.HasDefaultValue ? $" = {Default(p, type)}" : "")}";
    }

    private static string Default(ParameterInfo p, Type type) => p.DefaultValue switch
    {
        null when type.IsValueType && Nullable.GetUnderlyingType(type) is null => "default",
        null => "null",
        string s => $"\"{s}\"",
        char c => $"'{c}'",
        bool b => b ? "true" : "false",
        float f => f.ToString("R", CultureInfo.InvariantCulture) + "f",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    // The names of tuple elements stand in one attribute, in the order in which the tuples' types are written.
    private static string Name(Type type, ICustomAttributeProvider holder)
    {
        var names = holder.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).Cast<TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames;
        var at = 0;
        return Write(type, names, ref at);
    }

    private static string Write(Type type, IList<string?>? names, ref int at)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Write(type.GetElementType()!, names, ref at) + $"[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Write(inner, names, ref at) + "?";
        if (!type.IsGenericType) return type.Name;
        var arguments = type.GetGenericArguments();
        var parts = new List<string>();
        if (type.FullName?.StartsWith("System.ValueTuple`") ?? type.Name.StartsWith("ValueTuple`"))
        {
            var own = names?.Skip(at).Take(arguments.Length).ToList();
            at += arguments.Length;
            for (var k = 0; k < arguments.Length; k++)
                parts.Add(Write(arguments[k], names, ref at) + (own?[k] is { } name ? $" {name}" : ""));
            return $"({string.Join(", ", parts)})";
        }
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        foreach (var argument in arguments.Skip(outer)) parts.Add(Write(argument, names, ref at));
        return type.Name.Split('`')[0] + (parts.Count > 0 ? $"<{string.Join(", ", parts)}>" : "");
    }

    /// <summary>What is compared: no qualifiers of names, no marks of nullable references, no words about overriding.</summary>
    internal static string Normal(string signature)
    {
        signature = Words().Replace(signature, "");
        signature = Qualified().Replace(signature, "$1");
        signature = Where().Replace(signature, "");
        signature = NullableReference().Replace(signature, m => ValueTypes.Contains(m.Groups[1].Value) ? m.Value : m.Groups[1].Value);
        return signature.Replace("]?", "]").Replace(">?", ">").Replace("@", "").Trim();
    }

    private static readonly HashSet<string> ValueTypes =
        ["long", "int", "double", "bool", "float", "byte", "short", "ScalarType", "TensorStringStyle", "Padding", "PaddingModes", "Reduction"];

    [GeneratedRegex(@"\b(virtual|override|abstract|sealed|new) ")]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(?:[A-Za-z_]\w*(?:<[^<>]*>)?\.)+([A-Za-z_]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@" where .*$")]
    private static partial Regex Where();

    [GeneratedRegex(@"\b([A-Za-z_]\w*)\?")]
    private static partial Regex NullableReference();
}
