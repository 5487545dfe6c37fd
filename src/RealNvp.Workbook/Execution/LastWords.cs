using System.Text.RegularExpressions;

namespace RealNvp.Workbook.Execution;

/// <summary>What the runtime or native code writes to the error stream before it ends the process.</summary>
internal sealed partial class LastWords
{
    private const int Kept = 12;
    private const string CppFrames = "Exception raised from ";

    private readonly Queue<string> _printed = new();
    private readonly List<string> _words = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Takes a line; false where it belongs to the words with which the process ends, and is not to be shown as its output.
    /// </summary>
    internal bool IsOutput(string line)
    {
        lock (_gate)
        {
            if (_words.Count > 0 || Beginning().IsMatch(line))
            {
                if (_words.Count < Kept) _words.Add(line);
                return false;
            }
            _printed.Enqueue(line);
            if (_printed.Count > Kept) _printed.Dequeue();
            return true;
        }
    }

    /// <summary>
    /// Why the process ended, in its own words, without frames; where it said nothing of that, the last lines that it printed.
    /// </summary>
    public override string ToString()
    {
        lock (_gate)
        {
            if (_words.Count == 0) return string.Concat(_printed.Select(line => "\n" + line));
            var text = string.Join('\n', _words.TakeWhile(line => !line.StartsWith(CppFrames, StringComparison.Ordinal)));
            if (text.StartsWith("Stack overflow", StringComparison.Ordinal))
                return ": the stack overflowed, as endless recursion makes it";
            if (text.StartsWith("Out of memory", StringComparison.Ordinal)) return ": the memory ran out";
            var message = Message().Match(text) is { Success: true } match ? match.Groups[1].Value : text;
            return ": " + string.Join('\n', message.Split('\n')
                .TakeWhile(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal))).Trim();
        }
    }

    [GeneratedRegex(@"^(terminate called|libc\+\+abi: |Stack overflow|Out of memory|Process terminated|Unhandled exception|Fatal error)")]
    private static partial Regex Beginning();

    /// <summary>What comes after the words with which C++ libraries and the runtime introduce a message.</summary>
    [GeneratedRegex(@"^(?:terminate called[^\n]*\n\s*what\(\):|libc\+\+abi: [^:]*uncaught exception of type [\w:]+:|Unhandled exception\.)\s*(.*)", RegexOptions.Singleline)]
    private static partial Regex Message();
}
