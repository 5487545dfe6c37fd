#:package TorchSharp
#:package Microsoft.DotNet.Interactive.CSharp
#:property PublishAot=false
#:property TorchSharpAsItComes=true

// Which of the faults of docs/known-faults.md are still there: `dotnet run docs/known-faults.cs`. Each is tried in a process of
// its own, since some end it. What works is said to be mended: its workaround can go.
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using TorchSharp;
using static TorchSharp.torch;

var limit = TimeSpan.FromMinutes(2);
const int Mended = 0, StillThere = 3;
var asked = "_ZSt21ios_base_library_initv"u8.ToArray();
var faults = new (string Name, Func<Task<bool>> IsMended)[]
{
    ("matmul", () => Throws(() => ones(2, 3).matmul(ones(2, 3)))),
    ("unused-input", () => Throws(() =>
    {
        var (x, other) = (ones(1, requires_grad: true), ones(1, requires_grad: true));
        autograd.grad([x * 2], [other]);
    })),
    ("generator-state", () => Throws(() => new Generator().set_state(zeros(7, dtype: uint8)))),
    ("lazy-tensors", () => Is(stack(Enumerable.Range(0, 2000).Select(Fresh)).sum().ToInt64() == 2000 * 64)),
    ("lifetimes", () => Is(!LosesScalars(TimeSpan.FromSeconds(60)))),
    ("erfcx", () => Is(Math.Abs(special.erfcx(tensor(3.0)).ToDouble() - 0.1790011511813899) < 1e-12)),
    ("ndtr", () => Is(special.ndtr(tensor(-10.0)).ToDouble() is > 7.6e-24 and < 7.7e-24)),
    ("cxx-runtime", () => Is(!Native("libLibTorchSharp.so.txt").Any(note => File.ReadAllText(note).StartsWith("adapted"))
        && !Native("libLibTorchSharp.so").Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(asked) >= 0))),
    ("interrupt", async () =>
    {
        using var kernel = new CSharpKernel();
        _ = Task.Run(() => kernel.SendAsync(new SubmitCode("while (true) AppContext.SetData(\"runs\", 1);")));
        while (AppContext.GetData("runs") is null) await Task.Delay(100);
        await Task.Run(() => kernel.SendAsync(new Cancel()));
        var next = Task.Run(() => kernel.SendAsync(new SubmitCode("1 + 1")));
        return await Task.WhenAny(next, Task.Delay(20_000)) == next && (await next).Events.OfType<ReturnValueProduced>().Any();
    }),
    ("completion", async () =>
    {
        using var kernel = new CSharpKernel();
        var answer = await kernel.SendAsync(new RequestCompletions("Math.Ab", new LinePosition(0, 7)));
        var items = answer.Events.OfType<CompletionsProduced>().Single().Completions.Select(item => item.InsertText).ToList();
        return items.All(text => text.StartsWith("Ab", StringComparison.Ordinal) && !text.Contains('$'));
    }),
    ("display-id", async () =>
    {
        using var kernel = new CSharpKernel().UseKernelHelpers();
        var answer = await kernel.SendAsync(new SubmitCode("var shown = 1.Display(); shown.Update(2);"));
        return answer.Events.OfType<DisplayedValueProduced>().Single().ValueId
            == answer.Events.OfType<DisplayedValueUpdated>().Single().ValueId;
    }),
};

if (args is [var one]) Environment.Exit(await faults.Single(fault => fault.Name == one).IsMended() ? Mended : StillThere);

foreach (var (name, _) in faults)
{
    var program = Environment.ProcessPath!;
    string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet"
        ? [Assembly.GetEntryAssembly()!.Location, name] : [name];
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    _ = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    var ended = process.WaitForExit(limit);
    if (!ended) process.Kill(entireProcessTree: true);
    Console.WriteLine($"{name,-16} " + (!ended ? $"still there: no end within {limit.TotalSeconds:0} s" : process.ExitCode switch
    {
        Mended => "mended: the workaround can go",
        StillThere => "still there",
        var code => $"still there: it ends the process ({code})",
    }));
}

static IEnumerable<string> Native(string name) =>
    Directory.EnumerateFiles(AppContext.BaseDirectory, name, SearchOption.AllDirectories);

static Task<bool> Is(bool value) => Task.FromResult(value);

static Task<bool> Throws(Action call)
{
    try
    {
        call();
        return Is(false);
    }
    catch (Exception e) when (e is not OutOfMemoryException)
    {
        return Is(true);
    }
}

// Small tensors, and a collection every now and then, as any program has them.
static Tensor Fresh(int k)
{
    if (k % 100 == 0) GC.Collect();
    if (k % 100 == 0) GC.WaitForPendingFinalizers();
    return ones(64);
}

// Whether numbers beside tensors are lost while another thread collects garbage.
static bool LosesScalars(TimeSpan longest)
{
    using var over = new CancellationTokenSource(longest);
    var lost = false;
    void Collect()
    {
        while (!over.IsCancellationRequested) GC.Collect(0);
    }
    void Calculate()
    {
        var x = ones(4);
        while (!over.IsCancellationRequested)
        {
            using var scope = NewDisposeScope();
            try
            {
                for (var k = 0; k < 200; k++) _ = x * 2.0 + 1.0;
            }
            catch (ExternalException)
            {
                lost = true;
                over.Cancel();
            }
        }
    }
    Thread[] threads = [new(Collect), new(Calculate), new(Calculate)];
    foreach (var thread in threads) thread.Start();
    foreach (var thread in threads) thread.Join();
    return lost;
}
