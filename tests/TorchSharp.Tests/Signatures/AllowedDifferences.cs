namespace TorchSharp.Tests.Signatures;

/// <summary>Public names that TorchSharp has and the recorded list does not write out, each with its reason.</summary>
internal static class AllowedDifferences
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["ComponentNameAttribute"] = "TorchSharp.Utils: names a module's component; the list has no block for attributes",
        ["IParameterLessModule"] = "the interface of ParameterLessModule, which the list names only as a base",
        ["InstanceNorm"] = "the base of InstanceNorm1d and InstanceNorm2d",
        ["ConvolutionTranspose"] = "the base of ConvTranspose1d and ConvTranspose2d",
        ["WeightedLoss<T1, T2, TResult>"] = "the base of the losses with weights",
        ["Adagrad.ParamGroup"] = NestedGroup,
        ["Adamax.ParamGroup"] = NestedGroup,
        ["AdamW.ParamGroup"] = NestedGroup,
        ["NAdam.ParamGroup"] = NestedGroup,
        ["RAdam.ParamGroup"] = NestedGroup,
        ["RMSProp.ParamGroup"] = NestedGroup,
    };

    private const string NestedGroup = "shaped like Adam.ParamGroup, with the optimizer's own settings";

    private static readonly Dictionary<string, string> Members = new()
    {
        ["torch.optim.Optimizer: protected void Dispose(bool disposing)"] = "the usual pattern, which optimizers override",
    };

    internal static bool Has(string member) => Members.ContainsKey(member);

    internal static bool Has(Type type) => Types.ContainsKey(Signature.NameOf(type));
}
