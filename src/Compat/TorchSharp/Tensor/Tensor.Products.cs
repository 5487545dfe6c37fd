using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Products and decompositions of matrices.</summary>
    public partial class Tensor
    {
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Aten.Addbmm.Run(this, batch1, batch2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Aten.Baddbmm.Run(this, batch1, batch2, beta, alpha);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) =>
            Aten.Addmm.Run(this, mat1, mat2, beta, alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) =>
            Aten.Addmv.Run(this, mat, vec, beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) =>
            Aten.Addr.Run(this, vec1, vec2, beta, alpha);

        public Tensor adjoint() => Aten.Adjoint.Run(this);
        public Tensor det() => Aten.Det.Run(this);
        public Tensor inverse() => Aten.Inverse.Run(this);
        public Tensor logdet() => Aten.Logdet.Run(this);
        public Tensor matrix_exp() => Aten.MatrixExp.Run(this);
        public Tensor trace() => Aten.Trace.Run(this);
        public Tensor bmm(Tensor batch2) => Aten.Bmm.Run(this, batch2);
        public Tensor cholesky_inverse(bool upper = false) => Aten.CholeskyInverse.Run(this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Aten.CholeskySolve.Run(this, input2, upper);
        public Tensor dot(Tensor target) => Aten.Dot.Run(this, target);
        public Tensor matmul(Tensor target) => Aten.Matmul.Run(this, target);
        public Tensor mm(Tensor target) => Aten.Mm.Run(this, target);
        public Tensor mv(Tensor target) => Aten.Mv.Run(this, target);
        public Tensor vdot(Tensor target) => Aten.Vdot.Run(this, target);
        public Tensor ger(Tensor vec2) => Aten.Ger.Run(this, vec2);
        public Tensor inner(Tensor vec2) => Aten.Inner.Run(this, vec2);
        public Tensor outer(Tensor vec2) => Aten.Outer.Run(this, vec2);
        public Tensor kron(Tensor other) => Aten.Kron.Run(this, other);
        public Tensor matrix_power(int n) => Aten.MatrixPower.Run(this, n);
        public Tensor pinverse(double rcond = 1E-15, bool hermitian = false) => Aten.LinalgPinv.Run(this, rcond, hermitian);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Tensordot.Run(this, b, dims1, dims2);

        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            tensordot(b, dims.Select(d => d.Item1).ToArray(), dims.Select(d => d.Item2).ToArray());

        public Tensor tensordot(Tensor b, long dims = 2) => tensordot(b, Range(ndim - dims, dims), Range(0, dims));
    }
}
