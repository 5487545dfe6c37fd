namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A formula in LaTeX, shown as text/latex.</summary>
public class LaTeXString(string latexCode)
{
    private readonly string _latexCode = latexCode ?? throw new ArgumentNullException(nameof(latexCode));

    public override string ToString() => _latexCode;

    public static implicit operator LaTeXString(string source) => new(source);
}

/// <summary>Text that is JSON already, shown as application/json.</summary>
public class JsonString(string json) : Microsoft.AspNetCore.Html.HtmlString(json);
