using Microsoft.DotNet.Interactive.CSharp;

namespace RealNvp.Workbook.Execution;

/// <summary>What a part of this program adds to a process that runs cells.</summary>
internal interface ICellExtension
{
    /// <summary>A notebook has begun.</summary>
    Task BeginAsync();

    /// <summary>A cell is about to run: it may define something again.</summary>
    void CellBegins();

    /// <summary>Called on the thread that reads messages: what takes time is done elsewhere.</summary>
    void Receive(ExtensionMessage message);
}

/// <summary>Makes the extension of a notebook.</summary>
/// <param name="kernel">The kernel that runs its cells.</param>
/// <param name="arguments">What the process was started with.</param>
/// <param name="send">Sends a message to the process that started this one.</param>
internal delegate ICellExtension CellExtension(CSharpKernel kernel, IReadOnlyList<string> arguments, Action<CellMessage> send);
