using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RealNvp.Benchmarks;

/// <summary>The model of Python/training.py, operator by operator, against TorchSharp's API.</summary>
internal sealed class PlainRealNvp : Module
{
    private readonly ModuleList<Sequential> _nets;
    private readonly long _dim;

    internal PlainRealNvp(long dim, int layers, long hidden) : base(nameof(PlainRealNvp))
    {
        _dim = dim;
        var half = dim / 2;
        _nets = ModuleList([.. Enumerable.Range(0, layers).Select(_ => Sequential(Linear(half, hidden), ReLU(inplace: true),
            Linear(hidden, hidden), ReLU(inplace: true), Linear(hidden, 2 * half)))]);
        foreach (var net in _nets)
        {
            var last = (Linear)net[4];
            init.zeros_(last.weight);
            init.zeros_(last.bias!);
        }
        RegisterComponents();
    }

    internal Tensor LogProb(Tensor x)
    {
        var halves = x.chunk(2, 1);
        var (a, b) = (halves[0], halves[1]);
        var logs = new Tensor[_nets.Count];
        for (var k = 0; k < logs.Length; k++)
        {
            var st = _nets[k].call(a).chunk(2, 1);
            var s = logs[k] = st[0].tanh();
            (a, b) = (addcmul(st[1], b, s.exp(), 1), a);
        }
        var z = cat([a, b], 1);
        return cat(logs, 1).sum(1) - 0.5 * (z * z).sum(1) - 0.5 * _dim * Math.Log(2 * Math.PI);
    }
}
