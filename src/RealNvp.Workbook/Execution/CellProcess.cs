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
    private readonly long _speechLimit;
    private long _spoken;

    private CellProcess(Process process, Stream input, Stream output, CellLaunch launch)
    {
        _process = process;
        _speechLimit = launch.SpeechLimit;
        _input = new StreamWriter(input, new UTF8Encoding(false)) { AutoFlush = true };
        _reading = Task.WhenAll(ReadMessagesAsync(output), ReadConsoleAsync(process.StandardOutput.BaseStream, "stdout"),
            ReadConsoleAsync(process.StandardError.BaseStream, "stderr"));
    }

    /// <summary>Of the process that was started: the cells', or the one that encloses it.</summary>
    internal int Id => _process.Id;

    /// <summary>Whether it was ended for saying more than it may.</summary>
    internal bool SaidTooMuch => Interlocked.Read(ref _spoken) > _speechLimit;

    /// <summary>What the cells do; native code's console output has cell 0. It ends with the process.</summary>
    internal ChannelReader<CellMessage> Messages => _messages.Reader;

    internal static CellProcess Start(string workingFolder, IReadOnlyDictionary<string, string?> environment, CellLaunch? launch = null)
    {
        launch ??= new CellLaunch();
        lock (Starting)
        {
            var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
            var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            var start = SelfProcess.Create(
                [CellHost.Command, input.GetClientHandleAsString(), output.GetClientHandleAsString(), .. launch.Arguments], launch.Enclosure);
            start.WorkingDirectory = workingFolder;
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            foreach (var (name, value) in environment) start.Environment[name] = value;
            start.Environment.TryAdd(SelfProcess.Diagnostics, "0");
            var process = LastingThread.Run(() => Process.Start(start)) ?? throw new UserException("the process that runs the cells did not start");
            input.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
            process.StandardInput.Close();
            return new CellProcess(process, input, output, launch);
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
        try
        {
            await _input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What was not sent to a process that is gone need not be.
        }
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
        using var reader = new StreamReader(new CountedStream(stream, Count), Encoding.UTF8);
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

    private async Task ReadConsoleAsync(Stream stream, string name)
    {
        using var reader = new StreamReader(new CountedStream(stream, Count), Console.OutputEncoding);
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

    /// <summary>A process that never stops talking would fill this one's memory: it is ended, and no more of it is read.</summary>
    private bool Count(int bytes)
    {
        if (Interlocked.Add(ref _spoken, bytes) <= _speechLimit) return true;
        Kill();
        return false;
    }

    /// <summary>A stream that ends where the listener has heard enough.</summary>
    private sealed class CountedStream(Stream inner, Func<int, bool> goOn) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Heard(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Heard(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Heard(int bytes) => goOn(bytes) ? bytes : 0;
    }
}
