using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>Dimension dim split into several.</summary>
public sealed class Unflatten : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal Unflatten(long dim, long[] unflattened_size) : base(nameof(Unflatten))
    {
        this.dim = dim;
        this.unflattened_size = unflattened_size;
    }

    public long dim { get; set; }
    public long[] unflattened_size { get; set; }

    public override torch.Tensor forward(torch.Tensor input) => Aten.UnflattenInt.Run(input, dim, unflattened_size);
}
