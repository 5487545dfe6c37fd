using System.Collections;
using System.Text;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive;

/// <summary>Several kernels behind one; a line `#!name` in a cell sends what follows to the kernel of that name.</summary>
public class CompositeKernel : Kernel, IEnumerable<Kernel>
{
    private readonly Dictionary<string, Kernel> _byName = new(StringComparer.Ordinal);
    private readonly List<Kernel> _kernels = [];

    public CompositeKernel(string? name = null) : base(name ?? ".NET")
    {
        KernelInfo.IsComposite = true;
        ChildKernels = new KernelCollection(_kernels, _byName);
        RegisterCommandHandler<SubmitCode>(SubmitAsync);
    }

    public KernelCollection ChildKernels { get; }

    /// <summary>The kernel of cells that name none; without it a single kernel is meant.</summary>
    public string? DefaultKernelName { get; set; }

    public void Add(Kernel kernel, IEnumerable<string>? aliases = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.ParentKernel is not null) throw new InvalidOperationException($"{kernel} is part of {kernel.ParentKernel} already");
        string[] names = [kernel.Name, .. kernel.KernelInfo.Aliases, .. aliases ?? []];
        if (names.FirstOrDefault(_byName.ContainsKey) is { } taken) throw new ArgumentException($"there is a kernel #!{taken} already");
        foreach (var name in names.Distinct()) _byName.Add(name, kernel);
        kernel.KernelInfo.Aliases = [.. names.Skip(1).Distinct()];
        kernel.ParentKernel = this;
        _kernels.Add(kernel);
        RegisterForDisposal(kernel);
    }

    public IEnumerator<Kernel> GetEnumerator() => _kernels.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private protected override Kernel HandlingKernelFor(KernelCommand command) => command switch
    {
        SubmitCode or RequestInput or Quit => this,
        _ => SupportsCommandType(command.GetType()) ? this : FindChild(command.TargetKernelName ?? DefaultKernelName),
    };

    private Kernel FindChild(string? name)
    {
        if (name is null && _kernels.Count == 1) return _kernels[0];
        if (name is null || name == Name) return this;
        return _byName.GetValueOrDefault(name)
            ?? throw new ArgumentException($"there is no kernel named {name} here, only {string.Join(", ", _byName.Keys)}");
    }

    /// <summary>Runs the parts of a cell, each in its kernel; every part keeps its line numbers.</summary>
    private async Task SubmitAsync(SubmitCode command, KernelInvocationContext context)
    {
        foreach (var (kernelName, code) in SplitByKernel(command.Code, command.TargetKernelName ?? DefaultKernelName))
        {
            var kernel = FindChild(kernelName);
            if (kernel == this)
                throw new InvalidOperationException(_kernels.Count == 0
                    ? "a composite kernel without a kernel in it runs no code"
                    : $"there are several kernels here: set DefaultKernelName to one of {string.Join(", ", _byName.Keys)}, or begin the cell with #! and its name");
            await kernel.SendAsync(new SubmitCode(code, kernelName) { SourcePath = command.SourcePath, Parameters = command.Parameters })
                .ConfigureAwait(false);
            if (context.HasFailed) return;
        }
    }

    private IEnumerable<(string? Kernel, string Code)> SplitByKernel(string code, string? kernelName)
    {
        var part = new StringBuilder();
        var hasCode = false;
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (DirectiveLine.TryParse(lines[i], out var directive) && _byName.ContainsKey(directive.Name[2..]))
            {
                if (hasCode) yield return (kernelName, part.ToString());
                kernelName = directive.Name[2..];
                part.Clear().Append('\n', i + 1);
                hasCode = false;
                continue;
            }
            part.Append(lines[i]);
            if (i < lines.Length - 1) part.Append('\n');
            hasCode |= !string.IsNullOrWhiteSpace(lines[i]);
        }
        if (hasCode) yield return (kernelName, part.ToString());
    }
}

/// <summary>The kernels inside a composite kernel.</summary>
public class KernelCollection : IReadOnlyCollection<Kernel>
{
    private readonly IReadOnlyList<Kernel> _kernels;
    private readonly IReadOnlyDictionary<string, Kernel> _byName;

    internal KernelCollection(IReadOnlyList<Kernel> kernels, IReadOnlyDictionary<string, Kernel> byName) => (_kernels, _byName) = (kernels, byName);

    public int Count => _kernels.Count;

    public bool TryGetByAlias(string alias, out Kernel? kernel) => _byName.TryGetValue(alias, out kernel);

    public IEnumerator<Kernel> GetEnumerator() => _kernels.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
