namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>A type as C# spells it.</summary>
internal static class CSharpName
{
    internal static string Of(Type type)
    {
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsVisible) return "object";
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var chain = new Stack<Type>();
        for (var t = type; t is not null; t = t.DeclaringType) chain.Push(t);
        var parts = chain.Select(t =>
        {
            var tick = t.Name.IndexOf('`');
            if (tick < 0) return t.Name;
            var own = Enumerable.Range(0, int.Parse(t.Name[(tick + 1)..])).Select(_ => Of(arguments.Dequeue()));
            return $"{t.Name[..tick]}<{string.Join(", ", own)}>";
        });
        return $"global::{(type.Namespace is { } ns ? ns + "." : "")}{string.Join(".", parts)}";
    }
}
