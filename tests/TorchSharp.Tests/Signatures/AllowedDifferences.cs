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
        ["torch.distributions.transforms.AbsTransform"] = Transform,
        ["torch.distributions.transforms.ExpTransform"] = Transform,
        ["torch.distributions.transforms.LogTransform"] = Transform,
        ["torch.distributions.transforms.SigmoidTransform"] = Transform,
        ["torch.distributions.transforms.SoftplusTransform"] = Transform,
        ["torch.distributions.transforms.TanhTransform"] = Transform,
        ["torch.distributions.transforms.PowerTransform"] = Transform,
        ["torch.distributions.transforms.AffineTransform"] = Transform,
        ["torch.distributions.transforms.ComposeTransform"] = Transform,
        ["torch.distributions.transforms.IndepdenentTransform"] = Transform,
        ["torch.distributions.transforms.ReshapeTransform"] = Transform,
        ["torch.distributions.transforms.SoftmaxTransform"] = Transform,
    };

    private const string DisposePattern = "the usual pattern, which derived classes override";

    private const string Transform = "the list names the transforms without their members";

    private const string NestedGroup = "shaped like Adam.ParamGroup, with the optimizer's own settings";

    private static readonly Dictionary<string, string> Members = new()
    {
        ["torch.optim.Optimizer: protected void Dispose(bool disposing)"] = DisposePattern,
        ["torch.distributions.Distribution: protected void Dispose(bool disposing)"] = DisposePattern,
        ["torch.utils.data.Dataset<T>: protected void Dispose(bool disposing)"] = DisposePattern,
    };

    internal static bool Has(string member) => Members.ContainsKey(member);

    internal static bool Has(Type type) => Types.ContainsKey(Signature.NameOf(type));
}
