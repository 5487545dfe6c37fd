using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Threading.Channels;

namespace RealNvp.Workbook.Execution;

/// <summary>The runner's end of a process that runs cells.</summary>
internal sealed class CellProcess : IAsyncDisposable
{
    /// <summary>
    /// A pipe's handle must not slip into another process that starts at the same time: its end would then not be noticed.
    /// </summary>
    private static readonly Lock Starting = new();

    private const int LongestLine = 1 << 20;

    private readonly Process _process;
    private readonly StreamWriter _input;
    // Bounded: a process that speaks faster than it is listened to waits, and fills no memory but its own.
    private readonly Channel<CellMessage> _messages = Channel.CreateBounded<CellMessage>(1000);
    private readonly LastWords _lastWords = new();
    private readonly Task _reading;
    private readonly SemaphoreSlim _sending = new(1);   // not disposed: somebody may be sending when the process ends
    private readonly CellLaunch _launch;
    private long _spoken;
    private volatile string? _broken;

    private CellProcess(Process process, Stream input, Stream output, CellLaunch launch)
    {
        _process = process;
        _launch = launch;
        _input = new StreamWriter(input, new UTF8Encoding(false)) { AutoFlush = true };
        _reading = ReadAsync(output);
    }

    /// <summary>Of the process that was started: the cells', or the one that encloses it.</summary>
    internal int Id => _process.Id;

    /// <summary>Whether it was ended for saying more than it may.</summary>
    internal bool SaidTooMuch => Interlocked.Read(ref _spoken) > _launch.SpeechLimit;

    /// <summary>What was wrong with what it said, where that is why it was ended, or null.</summary>
    internal string? Broken => _broken;

    /// <summary>What the cells do; native code's console output has cell 0. It ends with the process.</summary>
    internal ChannelReader<CellMessage> Messages => _messages.Reader;

    internal static CellProcess Start(string workingFolder, IReadOnlyDictionary<string, string?> environment,
        CellLaunch? launch = null)
    {
        launch ??= new CellLaunch();
        lock (Starting)
        {
            var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
            var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
            var start = SelfProcess.Create(
                [CellHost.Command, input.GetClientHandleAsString(), output.GetClientHandleAsString(), .. launch.Arguments],
                launch.Enclosure);
            start.WorkingDirectory = workingFolder;
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            foreach (var (name, value) in environment) start.Environment[name] = value;
            start.Environment.TryAdd(SelfProcess.Diagnostics, "0");
            start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");   // threads that spin while they wait starve those that work
            var process = ProcessStarter.Run(() => Process.Start(start))
            ?? throw new UserException("the process that runs the cells did not start");
            input.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
            process.StandardInput.Close();
            return new CellProcess(process, input, output, launch);
        }
    }

    internal async Task SendAsync(CellMessage message)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _input.WriteLineAsync(message.ToLine()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone; the end of its messages says so.
        }
        finally
        {
            _sending.Release();
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

    /// <summary>How the process ended, and why, as far as it said so.</summary>
    internal async Task<string> DescribeEndAsync()
    {
        await _reading.ConfigureAwait(false);
        return _broken ?? $"{ExitText.Of(_process.ExitCode)}{_lastWords}";
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever is sending to a process that does not listen goes on when that is gone.
        if (!await _sending.WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(false))
        {
            Kill();
            await _sending.WaitAsync().ConfigureAwait(false);
        }
        try
        {
            await _input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What was not sent to a process that is gone need not be.
        }
        finally
        {
            _sending.Release();
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

    /// <summary>
    /// Reads all that the process says, up to its end. Processes that a cell started may hold the other ends of the pipes for
    /// longer than that.
    /// </summary>
    private async Task ReadAsync(Stream messages)
    {
        var all = Task.WhenAll(ReadMessagesAsync(messages), ReadConsoleAsync(_process.StandardOutput.BaseStream, "stdout"),
            ReadConsoleAsync(_process.StandardError.BaseStream, "stderr"));
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        _messages.Writer.TryComplete();
    }

    private async Task ReadMessagesAsync(Stream stream)
    {
        var lines = new MessageLines(new CountedStream(stream, Count), _launch.MessageLimit, cuts: false);
        try
        {
            while (await lines.ReadAsync().ConfigureAwait(false) is { } line)
                await _messages.Writer.WriteAsync(CellMessage.Parse(line.Span)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidDataException)
        {
            // A process that ends in the middle of a line ends all the same; any other has let its cells write there.
            if (_process.HasExited) return;
            _broken = e is InvalidDataException ? $"it sent {e.Message}" : "it sent something else than a message";
            Kill();
        }
        catch (Exception e) when (e is IOException or ChannelClosedException)
        {
            // It is gone, or nobody listens any more.
        }
    }

    private async Task ReadConsoleAsync(Stream stream, string name)
    {
        var lines = new MessageLines(new CountedStream(stream, Count), LongestLine, cuts: true);
        try
        {
            while (await lines.ReadAsync().ConfigureAwait(false) is { } bytes)
            {
                var line = Console.OutputEncoding.GetString(bytes.Span).TrimEnd('\r');
                if (name == "stderr" && !_lastWords.IsOutput(line)) continue;
                await _messages.Writer.WriteAsync(new StreamWritten(0, name, line + "\n")).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ChannelClosedException)
        {
            // It is gone, or nobody listens any more.
        }
    }

    /// <summary>
    /// A process that never stops talking would fill this one's memory: it is ended, and no more of it is read.
    /// </summary>
    private bool Count(int bytes)
    {
        if (Interlocked.Add(ref _spoken, bytes) <= _launch.SpeechLimit) return true;
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
