namespace Microsoft.DotNet.Interactive.Documents;

/// <summary>A notebook: cells in order, and metadata.</summary>
public class InteractiveDocument(IList<InteractiveDocumentElement>? elements = null)
{
    public IList<InteractiveDocumentElement> Elements { get; } = elements ?? [];

    public IDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public void Add(InteractiveDocumentElement element) => Elements.Add(element);

    public string? GetDefaultKernelName() =>
        Metadata.TryGetValue("kernelspec", out var spec) && spec is IDictionary<string, object> { } fields && fields.TryGetValue("name", out var name)
        && name is ".net-csharp" ? "csharp" : null;
}

/// <summary>A cell.</summary>
public class InteractiveDocumentElement(
    string? contents = null, string? kernelName = null, IEnumerable<InteractiveDocumentOutputElement>? outputs = null)
{
    public InteractiveDocumentElement() : this(null) { }

    public string? Id { get; set; }

    public string? KernelName { get; set; } = kernelName;

    public string Contents { get; set; } = contents ?? "";

    public List<InteractiveDocumentOutputElement> Outputs { get; } = [.. outputs ?? []];

    public int ExecutionOrder { get; set; }

    public IDictionary<string, object> Metadata { get; set; } = new Dictionary<string, object>();
}

/// <summary>An output of a cell.</summary>
public abstract class InteractiveDocumentOutputElement
{
    private protected InteractiveDocumentOutputElement() { }
}

public class TextElement(string text, string name = "stdout") : InteractiveDocumentOutputElement
{
    public string Text { get; } = text;

    public string Name { get; } = name;
}

public class ErrorElement(string? errorValue = null, string errorName = "Error", string[]? stackTrace = null) : InteractiveDocumentOutputElement
{
    public string? ErrorValue { get; } = errorValue;

    public string ErrorName { get; } = errorName;

    public string[] StackTrace { get; } = stackTrace ?? [];
}

public class DisplayElement(IDictionary<string, object> data) : InteractiveDocumentOutputElement
{
    public IDictionary<string, object> Data { get; } = data;

    public IDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();
}

public class ReturnValueElement : InteractiveDocumentOutputElement
{
    public IDictionary<string, object> Data { get; } = new Dictionary<string, object>();

    public IDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public int ExecutionOrder { get; set; }
}
