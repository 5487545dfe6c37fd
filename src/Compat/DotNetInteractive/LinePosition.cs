namespace Microsoft.DotNet.Interactive;

/// <summary>A place in a cell; both count from 0.</summary>
public record LinePosition(int Line, int Character)
{
    public static LinePosition FromCodeAnalysisLinePosition(CodeAnalysis.Text.LinePosition linePosition) =>
        new(linePosition.Line, linePosition.Character);

    public CodeAnalysis.Text.LinePosition ToCodeAnalysisLinePosition() => new(Line, Character);
}

/// <summary>A stretch of a cell.</summary>
public record LinePositionSpan(LinePosition Start, LinePosition End)
{
    public static LinePositionSpan FromCodeAnalysisLinePositionSpan(CodeAnalysis.Text.LinePositionSpan linePositionSpan) =>
        new(LinePosition.FromCodeAnalysisLinePosition(linePositionSpan.Start), LinePosition.FromCodeAnalysisLinePosition(linePositionSpan.End));

    public CodeAnalysis.Text.LinePositionSpan ToCodeAnalysisLinePositionSpan() =>
        new(Start.ToCodeAnalysisLinePosition(), End.ToCodeAnalysisLinePosition());
}
