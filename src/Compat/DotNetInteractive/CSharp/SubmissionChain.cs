using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>
/// Cells as a chain of script compilations, each seeing what those before it declared. The chain is Roslyn's own; it is run here,
/// and not by Roslyn's Script class, so that what a cell declared survives an interruption of that cell.
/// </summary>
internal sealed class SubmissionChain
{
    internal static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    /// <summary>
    /// Roslyn shares the symbols of a referenced assembly between compilations that bind their references one after the other. Bound
    /// at the same time, two compilations make a symbol each, and a later cell may then see one type as two.
    /// </summary>
    private static readonly Lock Binding = new();

    /// <summary>Keeps the symbols of what every cell references alive.</summary>
    private static CSharpCompilation? _baseline;

    private static int _chains;

    private readonly string _name = $"cells{Interlocked.Increment(ref _chains)}";
    private readonly SubmissionAssemblies _assemblies = new();
    private readonly CellReferenceResolver _references = new();
    private readonly CellSourceResolver _sources = new();
    private ImmutableArray<string> _newUsings;
    private object?[] _slots = new object?[64];
    private int _count;

    internal SubmissionChain(IEnumerable<string> usings) => _newUsings = [.. usings];

    /// <summary>The last cell that ran; null before the first one.</summary>
    internal CSharpCompilation? Last { get; private set; }

    internal void AddUsing(string name) => _newUsings = _newUsings.Add(name);

    internal void AddReference(string path) => _references.Add(Path.GetFullPath(path));

    /// <summary>What code typed now would compile as.</summary>
    internal CSharpCompilation Compile(string code, string path)
    {
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), ParseOptions, path);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: $"Submission#{_count}",
            usings: _newUsings,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            concurrentBuild: true,
            sourceReferenceResolver: _sources,
            metadataReferenceResolver: _references,
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default,
            metadataImportOptions: MetadataImportOptions.Public,
            warningLevel: 4);
        lock (Binding)
        {
            _baseline ??= Bound(CSharpCompilation.CreateScriptCompilation("baseline", null, ReferenceCatalog.Default, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));
            return Bound(CSharpCompilation.CreateScriptCompilation(
                $"{_name}-{_count + 1}", tree, [.. ReferenceCatalog.Default, .. _references.Resolved], options, Last, typeof(object)));
        }
    }

    /// <summary>Asking for any symbol binds the references.</summary>
    private static CSharpCompilation Bound(CSharpCompilation compilation)
    {
        _ = compilation.ObjectType;
        return compilation;
    }

    /// <summary>Compiles a cell and makes it ready to run; with errors there is nothing to run.</summary>
    internal (Submission? Submission, ImmutableArray<CodeAnalysis.Diagnostic> Errors) Build(string code, string path, CancellationToken cancellationToken)
    {
        var compilation = Compile(code, path);
        if (compilation.SyntaxTrees.All(tree => tree.GetCompilationUnitRoot(cancellationToken).Members.Count == 0))
        {
            var errors = ErrorsOf(compilation.GetDiagnostics(cancellationToken));
            return (errors.IsEmpty ? new Submission(compilation, null, false) : null, errors);
        }
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, cancellationToken: cancellationToken,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!emitted.Success) return (null, ErrorsOf(emitted.Diagnostics));
        assembly.Position = symbols.Position = 0;
        var entryPoint = compilation.GetEntryPoint(cancellationToken)!;
        var type = _assemblies.Add(assembly, symbols).GetType(entryPoint.ContainingType.MetadataName, throwOnError: true)!;
        var factory = type.GetMethod(entryPoint.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
        return (new Submission(compilation, factory, EndsInValue(compilation, cancellationToken)), []);
    }

    /// <summary>Starts a cell; from here on its declarations count, whatever becomes of it.</summary>
    internal Task<object?> Start(Submission submission)
    {
        if (_count + 2 >= _slots.Length) Array.Resize(ref _slots, 2 * _slots.Length);
        if (submission.Factory is null)
        {
            Commit(submission);
            return Task.FromResult<object?>(null);
        }
        var task = submission.Factory(_slots);
        Commit(submission);
        return task;
    }

    /// <summary>After an interruption in the cell's first stretch: keeps it if its object came to be.</summary>
    internal void Recover(Submission submission)
    {
        if (Last == submission.Compilation || submission.Factory is null) return;
        var type = submission.Factory.Method.DeclaringType;
        if (_slots.Any(slot => slot?.GetType() == type)) Commit(submission);
    }

    /// <summary>The variables, the latest of each name.</summary>
    internal IEnumerable<(string Name, Type Type, object? Value)> Variables()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = _slots.Length - 1; i >= 0; i--)
        {
            if (_slots[i] is not { } slot) continue;
            foreach (var field in slot.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                if (!field.Name.StartsWith('<') && seen.Add(field.Name))
                    yield return (field.Name, field.FieldType, field.GetValue(slot));
        }
    }

    internal bool TrySet(string name, object? value)
    {
        for (var i = _slots.Length - 1; i >= 0; i--)
        {
            if (_slots[i] is not { } slot || slot.GetType().GetField(name) is not { } field) continue;
            field.SetValue(slot, value);
            return true;
        }
        return false;
    }

    private void Commit(Submission submission)
    {
        if (Last == submission.Compilation) return;
        Last = submission.Compilation;
        _newUsings = [];
        _count++;
    }

    private static ImmutableArray<CodeAnalysis.Diagnostic> ErrorsOf(ImmutableArray<CodeAnalysis.Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>A last expression without a semicolon that is not void.</summary>
    private static bool EndsInValue(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        var tree = compilation.SyntaxTrees[^1];
        return tree.GetCompilationUnitRoot(cancellationToken).Members.LastOrDefault()
                is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true, Expression: { } expression } }
            && compilation.GetSemanticModel(tree).GetTypeInfo(expression, cancellationToken).Type?.SpecialType != SpecialType.System_Void;
    }
}

/// <summary>A compiled cell.</summary>
/// <param name="Factory">Null where there is nothing to run, as with using directives alone.</param>
internal sealed record Submission(CSharpCompilation Compilation, Func<object?[], Task<object?>>? Factory, bool HasValue);
