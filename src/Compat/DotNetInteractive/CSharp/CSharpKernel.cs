using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>Runs C# cells, each seeing what those before it declared.</summary>
public partial class CSharpKernel : Kernel
{
    private static readonly string[] Usings =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq"];

    private readonly SubmissionChain _chain = new(Usings);

    private static int _warm;

    /// <summary>The cell that the submission count stands at; what it submits in turn is part of it.</summary>
    private KernelCommand? _counted;

    public CSharpKernel() : this("csharp") { }

    public CSharpKernel(string name) : base(name)
    {
        KernelInfo.LanguageName = "C#";
        KernelInfo.LanguageVersion = "latest";
        KernelInfo.Aliases = ["c#", "C#"];
        KernelInfo.DisplayName = $"{name} - C#";
        RegisterCommandHandler<SubmitCode>(SubmitAsync);
        AnswerLanguageCommands();
        WarmUp();
    }

    /// <summary>Lets the cells that follow use these assemblies.</summary>
    public void AddAssemblyReferences(IEnumerable<string> assemblyPaths)
    {
        ArgumentNullException.ThrowIfNull(assemblyPaths);
        foreach (var path in assemblyPaths) _chain.AddReference(path);
    }

    /// <summary>The value of a variable that a cell declared; false where there is none of that name and type.</summary>
    public bool TryGetValue<T>(string name, out T value)
    {
        foreach (var variable in _chain.Variables())
        {
            if (variable.Name != name) continue;
            if (variable.Value is T found)
            {
                value = found;
                return true;
            }
            break;
        }
        value = default!;
        return false;
    }

    /// <summary>Declares a variable for the cells that follow.</summary>
    public async Task SetValueAsync(string name, object value, Type? declaredType)
    {
        var type = declaredType ?? value?.GetType() ?? typeof(object);
        var (submission, errors) = _chain.Build($"{CSharpName.Of(type)} {name} = default;", "variables", CancellationToken.None);
        if (submission is null) throw new ArgumentException($"a variable {name} of type {type} cannot be declared: {errors[0].GetMessage()}");
        await _chain.Start(submission).ConfigureAwait(false);
        _chain.TrySet(name, value);
    }

    internal SubmissionChain Chain => _chain;

    /// <summary>The compiler is loaded and its code made ready while the host still reads its first cell.</summary>
    private static void WarmUp()
    {
        if (Interlocked.Exchange(ref _warm, 1) != 0) return;
        Task.Run(() =>
        {
            var chain = new SubmissionChain(Usings);
            var (submission, _) = chain.Build("var warm = Enumerable.Range(0, 3).Select(i => i + 1).ToList(); $\"{warm.Count}\"", "warm", CancellationToken.None);
            return CellThread.RunAsync(() => chain.Start(submission!), CancellationToken.None);
        });
    }

    private async Task SubmitAsync(SubmitCode command, KernelInvocationContext context)
    {
        CellConsole.Install();
        context.Publish(new CodeSubmissionReceived(command));
        if (command.SourcePath is null && _counted != context.Command)
        {
            _counted = context.Command;
            SubmissionCount++;
        }
        foreach (var part in SubmissionPart.Split(command.Code, name => FindDirective(name) is { TakesRest: true }))
        {
            if (part.Directive is null) await RunAsync(part.Code, command, context).ConfigureAwait(false);
            else await RunDirectiveAsync(part, command, context).ConfigureAwait(false);
            if (context.HasFailed) return;
        }
    }

    private async Task RunDirectiveAsync(SubmissionPart part, SubmitCode command, KernelInvocationContext context)
    {
        var name = part.Directive!.Name;
        if (FindDirective(name) is not { } directive)
        {
            var close = name is "#r" or "#i" ? "packages are not set up in this host" : "#!lsmagic lists those that there are";
            context.Fail(command, null, $"({part.Line + 1},1): error: there is no directive {name} here; {close}");
            return;
        }
        try
        {
            await directive.RunAsync(new DirectiveInvocation(part.Directive.Argument, part.Code, part.Line, command.SourcePath), context)
                .ConfigureAwait(false);
        }
        catch (DirectiveException e)
        {
            context.Fail(command, e, $"({part.Line + 1},1): error: {e.Message}");
        }
    }

    private async Task RunAsync(string code, SubmitCode command, KernelInvocationContext context)
    {
        var path = command.SourcePath ?? $"cell [{SubmissionCount}]";
        Submission? submission = null;
        try
        {
            (submission, var errors) = _chain.Build(code, path, context.CancellationToken);
            if (submission is null)
            {
                var message = CellErrors.Describe(errors);
                context.Publish(new DiagnosticsProduced([.. errors.Select(Diagnostic.FromCodeAnalysisDiagnostic)],
                    [new FormattedValue("text/plain", message)], command));
                context.Fail(command, new CodeSubmissionCompilationErrorException(new InvalidOperationException(message)), message);
                return;
            }
            var value = await CellThread.RunAsync(() => _chain.Start(submission), context.CancellationToken).ConfigureAwait(false);
            if (submission.HasValue && !context.IsComplete)
                context.Publish(new ReturnValueProduced(value, command, FormattedValue.CreateManyFromObject(value)));
        }
        catch (OperationCanceledException e) when (context.CancellationToken.IsCancellationRequested)
        {
            if (submission is not null) _chain.Recover(submission);
            context.Fail(command, e, "The cell was interrupted.");
        }
        catch (Exception e)
        {
            if (submission is not null) _chain.Recover(submission);
            context.Fail(command, e, CellErrors.Describe(e));
        }
    }
}
