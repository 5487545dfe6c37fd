namespace RealNvp.Workbook.Execution;

/// <summary>
/// How much code the C# parser is given: it descends by a call for each bracket, and where its stack is used up, no exception
/// says so, but the process ends.
/// </summary>
internal static class CodeBounds
{
    /// <summary>The most characters of a cell.</summary>
    internal const int MostCharacters = 1_000_000;

    /// <summary>The most brackets that are open at once.</summary>
    internal const int Deepest = 200;

    /// <summary>The most type arguments within each other. Comparisons open such brackets, too, and never close them.</summary>
    private const int DeepestTypes = 2_000;

    private const int Stack = 256 << 20;   // for what is no bracket and nests all the same, such as `not not x`

    /// <summary>Why code is too much for the parser, as a sentence; null where it is not.</summary>
    internal static string? Problem(string code)
    {
        if (TooLong(code) is { } problem) return problem;
        var (depth, types) = (0, 0);
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '(' or '[' or '{': depth++; break;
                case ')' or ']' or '}': depth = Math.Max(0, depth - 1); break;
                case '<': types++; break;
                case '>': types = Math.Max(0, types - 1); break;
                case ';': types = 0; break;
                default: continue;
            }
            if (depth > Deepest || types > DeepestTypes)
                return $"at most {Deepest} brackets may be open at once, line {code.AsSpan(0, i).Count('\n') + 1} of the code opens "
                    + "more";
        }
        return null;
    }

    internal static string? TooLong(string code) => code.Length <= MostCharacters ? null
        : $"a cell has at most {MostCharacters} characters of code, this one has {code.Length}: read data from a file instead";

    /// <summary>What comes of parsing code without a <see cref="Problem"/>, on a thread with stack enough for it.</summary>
    internal static T Parse<T>(Func<T> parse)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(parse());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, Stack)
        { IsBackground = true, Name = "parses" };
        thread.Start();
        return done.Task.GetAwaiter().GetResult();
    }
}

/// <summary>A cell whose code is more than is given to the parser.</summary>
internal sealed class CodeLimitException(string message) : Exception(message);
