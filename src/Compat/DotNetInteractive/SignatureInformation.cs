using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>A parameter of a signature.</summary>
public class ParameterInformation(string label, FormattedValue documentation)
{
    public string Label { get; } = label;

    public FormattedValue Documentation { get; } = documentation;
}

/// <summary>One way to call what is being called.</summary>
public class SignatureInformation(string label, FormattedValue documentation, IReadOnlyList<ParameterInformation> parameters)
{
    public string Label { get; } = label;

    public FormattedValue Documentation { get; } = documentation;

    public IReadOnlyList<ParameterInformation> Parameters { get; } = parameters;
}
