namespace TorchSharp.Modules;

/// <summary>Resizes the last dimensions of [N, C, ...] to a size or by factors.</summary>
public sealed class Upsample : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal Upsample(long[]? size, double[]? scale_factor, torch.UpsampleMode mode, bool? align_corners,
        bool? recompute_scale_factor) : base(nameof(Upsample))
    {
        this.size = size;
        this.scale_factor = scale_factor;
        this.mode = mode;
        this.align_corners = align_corners;
        this.recompute_scale_factor = recompute_scale_factor;
    }

    public long[]? size { get; set; }
    public double[]? scale_factor { get; set; }
    public torch.UpsampleMode mode { get; set; }
    public bool? align_corners { get; set; }
    public bool? recompute_scale_factor { get; set; }

    public override torch.Tensor forward(torch.Tensor input) =>
        torch.nn.functional.interpolate(input, size, scale_factor, (torch.InterpolationMode)mode, align_corners,
        recompute_scale_factor ?? false);
}
