namespace TorchSharp.Tests.Signatures;

/// <summary>Public names that TorchSharp has and the recorded list does not write out, each with its reason.</summary>
internal static class AllowedDifferences
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["ComponentNameAttribute"] = "TorchSharp.Utils: names a module's component; the list has no block for attributes",
        ["IParameterLessModule"] = "the interface of ParameterLessModule, which the list names only as a base",
    };

    internal static bool Has(Type type) => Types.ContainsKey(Signature.NameOf(type));
}
