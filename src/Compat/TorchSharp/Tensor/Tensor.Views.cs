namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The matrix transposed; of other than two dimensions, their order reversed.</summary>
        public Tensor T => permute(Enumerable.Range(1, (int)ndim).Select(k => ndim - k).ToArray());

        /// <summary>The conjugate transpose of a matrix.</summary>
        public Tensor H => Native.Aten.MatrixH.Run(this);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => Native.Aten.MT.Run(this);

        /// <summary>The last two dimensions exchanged and conjugated.</summary>
        public Tensor mH => Native.Aten.MH.Run(this);

        public Tensor real => torch.real(this);

        public Tensor imag => torch.imag(this);
    }
}
