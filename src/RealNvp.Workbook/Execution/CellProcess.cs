using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Threading.Channels;

namespace RealNvp.Workbook.Execution;

/// <summary>The runner's end of a process that runs cells.</summary>
internal sealed class CellProcess : IAsyncDisposable
{
    private const int LastLines = 12;

    /// <summary>A pipe's handle must not slip into another process that starts at the same time: its end would then not be noticed.</summary>
    private static readonly Lock Starting = new();

    private readonly Process _process;
    private readonly StreamWriter _input;
    private readonly Channel<CellMessage> _messages = Channel.CreateUnbounded<CellMessage>();
    private readonly Queue<string> _lastErrors = new();
    private readonly Task _reading;

    private CellProcess(Process process, Stream input, Stream output)
    {
        _process = process;
        _input = new StreamWriter(input, new UTF8Encoding(false)) { AutoFlush = true };
        _reading = Task.WhenAll(ReadMessagesAsync(output), ReadConsoleAsync(process.StandardOutput, "stdout"),
            ReadConsoleAsync(process.StandardError, "stderr"));
    }

    /// <summary>What the cells do; native code's console output has cell 0. It ends with the process.</summary>
    internal ChannelReader<CellMessage> Messages => _messages.Reader;

    internal static CellProcess Start(string workingFolder, IReadOnlyDictionary<string, string?> environment)
    {
        lock (Starting)
        {
            var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
            var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            var start = SelfProcess.Create([CellHost.Command, input.GetClientHandleAsString(), output.GetClientHandleAsString()]);
            start.WorkingDirectory = workingFolder;
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            foreach (var (name, value) in environment) start.Environment[name] = value;
            var process = Process.Start(start) ?? throw new UserException("the process that runs the cells did not start");
            input.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
            process.StandardInput.Close();
            return new CellProcess(process, input, output);
        }
    }

    internal async Task SendAsync(CellMessage message)
    {
        try
        {
            await _input.WriteLineAsync(message.ToLine()).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The process is gone; the end of its messages says so.
        }
    }

    internal void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>How the process ended and the last that it wrote to its error stream.</summary>
    internal async Task<string> DescribeEndAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        var code = _process.ExitCode;
        var how = code > 128 && Signal(code - 128) is { } signal ? $"ended by {signal}" : $"exit code {code}";
        lock (_lastErrors) return _lastErrors.Count == 0 ? how : $"{how}\n{string.Join('\n', _lastErrors)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _input.DisposeAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }
        await _reading.ConfigureAwait(false);
        _process.Dispose();
    }

    private static string? Signal(int number) => number switch
    {
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL (out of memory?)",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => null,
    };

    private async Task ReadMessagesAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
                _messages.Writer.TryWrite(CellMessage.Parse(line));
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException)
        {
            // A process that ends in the middle of a line ends all the same.
        }
        _messages.Writer.TryComplete();
    }

    private async Task ReadConsoleAsync(StreamReader reader, string name)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (name == "stderr")
            {
                lock (_lastErrors)
                {
                    _lastErrors.Enqueue(line);
                    if (_lastErrors.Count > LastLines) _lastErrors.Dequeue();
                }
            }
            _messages.Writer.TryWrite(new StreamWritten(0, name, line + "\n"));
        }
    }
}
