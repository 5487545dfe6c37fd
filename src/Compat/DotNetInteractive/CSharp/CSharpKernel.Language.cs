using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp.Language;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>What a cell's author is told while writing it.</summary>
public partial class CSharpKernel
{
    private void AnswerLanguageCommands()
    {
        RegisterCommandHandler<RequestCompletions>((command, context) =>
        {
            context.Publish(Complete(command));
            return Task.CompletedTask;
        });
        RegisterCommandHandler<RequestHoverText>((command, context) =>
        {
            if (Hover.At(new CodePosition(_chain, command.Code, command.LinePosition)) is var (plain, markdown, span))
                context.Publish(new HoverTextProduced(command,
                    [new FormattedValue("text/markdown", markdown), new FormattedValue("text/plain", plain)], span));
            return Task.CompletedTask;
        });
        RegisterCommandHandler<RequestSignatureHelp>((command, context) =>
        {
            if (SignatureHelp.At(new CodePosition(_chain, command.Code, command.LinePosition)) is var (signatures, signature, parameter))
                context.Publish(new SignatureHelpProduced(command, signatures, signature, parameter));
            return Task.CompletedTask;
        });
    }

    private CompletionsProduced Complete(RequestCompletions command)
    {
        var (line, character) = command.LinePosition;
        var text = command.Code.Split('\n').ElementAtOrDefault(line) ?? "";
        var before = text[..Math.Clamp(character, 0, text.Length)];
        if (before.StartsWith("#!", StringComparison.Ordinal) && !before.Contains(' '))
        {
            var all = Directives.Values.Concat(ParentKernel?.Directives.Values ?? Enumerable.Empty<Directive>());
            return new CompletionsProduced(
                [.. all.Where(directive => directive.Name.StartsWith(before, StringComparison.Ordinal)).OrderBy(directive => directive.Name, StringComparer.Ordinal)
                    .Select(directive => new CompletionItem(directive.Name, "Keyword", documentation: directive.Description))],
                command, new LinePositionSpan(new LinePosition(line, 0), command.LinePosition));
        }
        var code = new CodePosition(_chain, command.Code, command.LinePosition);
        var length = code.Position - code.WordStart;
        return new CompletionsProduced(Completions.At(code), command,
            new LinePositionSpan(new LinePosition(line, character - length), command.LinePosition));
    }
}
