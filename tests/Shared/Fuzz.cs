using System.Globalization;

namespace RealNvp.Tests;

/// <summary>
/// Gives a reader damaged files and holds it to what docs/trust.md promises: it ends, with a value or with one of its own
/// exceptions, in a line that a terminal can show; it takes little memory; and no file is touched. WORKBOOK_FUZZ_INPUTS and
/// WORKBOOK_FUZZ_SEED make the run longer and another one.
/// </summary>
internal sealed class Fuzz : IDisposable
{
    private const int LongestWords = 500;   // our own words around at most 200 characters of the file's
    private const long MostBytes = 64 << 20;
    private const string Neighbours = "precious";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);   // for one input, on a machine however busy

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private volatile int _at;

    private Fuzz(string name)
    {
        _file = _folder[name];
        _folder.Write("neighbour", Neighbours);
    }

    /// <summary>Runs it; what fails names the seed that makes the input again.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="inputs">How many inputs the short form has.</param>
    /// <param name="make">Makes an input.</param>
    /// <param name="read">Reads the file; what it throws is judged.</param>
    /// <param name="isExpected">Whether an exception is one that the reader says it throws.</param>
    internal static void Run(string name, int inputs, Func<Mutator, byte[]> make, Action<string> read,
        Func<Exception, bool> isExpected)
    {
        using var fuzz = new Fuzz(name);
        var (first, count) = (Setting("WORKBOOK_FUZZ_SEED", 0), Setting("WORKBOOK_FUZZ_INPUTS", inputs));
        Exception? failure = null;
        var worker = new Thread(() =>
        {
            for (fuzz._at = first; fuzz._at < first + count && failure is null; fuzz._at++)
                failure = fuzz.Judge(make(new(fuzz._at)), read, isExpected);
        })
        { IsBackground = true };
        worker.Start();
        for (var at = -1; !worker.Join(Patience); at = fuzz._at)
            if (at == fuzz._at) Assert.Fail($"{name}: the reader does not end with the input of seed {at}");
        if (failure is not null) throw failure;
    }

    private Exception? Judge(byte[] input, Action<string> read, Func<Exception, bool> isExpected)
    {
        File.WriteAllBytes(_file, input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        string? problem = null;
        Exception? thrown = null;
        try
        {
            read(_file);
        }
        catch (Exception e)
        {
            thrown = e;
            problem = isExpected(e) ? Fault(e.Message) : "an exception that the reader does not announce";
        }
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > MostBytes + input.Length) problem ??= $"{taken:n0} bytes were allocated for a file of {input.Length:n0}";
        if (!File.ReadAllBytes(_file).AsSpan().SequenceEqual(input) || File.ReadAllText(_folder["neighbour"]) != Neighbours
            || Directory.GetFileSystemEntries(_folder.Path).Length != 2)
            problem ??= "files were changed";
        return problem is null ? null : new InvalidOperationException($"{Path.GetFileName(_file)}, seed {_at}: {problem}; "
            + $"the input begins with {Convert.ToBase64String(input, 0, Math.Min(input.Length, 1000))}", thrown);
    }

    private string? Fault(string message) =>
        message.Replace(_file, "", StringComparison.Ordinal) is var words && words.Length > LongestWords
            ? $"a message of {words.Length:n0} characters"
            : words.Any(char.IsControl) ? "a message with control characters" : null;

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value : otherwise;

    public void Dispose() => _folder.Dispose();
}
