namespace TorchSharp.Modules;

/// <summary>While training, drops whole channels of [N, C, H, W] with probability p.</summary>
public sealed class Dropout2d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d))
    {
        this.p = p;
        this.inplace = inplace;
    }

    public double p { get; set; }
    public bool inplace { get; set; }

    public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.dropout2d(tensor, p, training, inplace);
}
