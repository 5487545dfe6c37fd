using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Products and decompositions of matrices.

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        input.addbmm(batch1, batch2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        input.addmm(mat1, mat2, beta, alpha);

    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        input.addmv(mat1, mat2, beta, alpha);

    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) =>
        input.addr(vec1, vec2, beta, alpha);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    public static Tensor cdist(
        Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
            Aten.Cdist.Run(x1, x2, p, (long)compute_mode);

    public static Tensor chain_matmul(params Tensor[] matrices) => Aten.ChainMatmul.Run(matrices);
    public static Tensor cholesky_inverse(Tensor input, bool upper = false) => input.cholesky_inverse(upper);

    public static Tensor cholesky_solve(Tensor input, Tensor input2, bool upper = false) =>
        input.cholesky_solve(input2, upper);

    public static Tensor cross(Tensor input, Scalar other, long dim = 0) =>
        Aten.LinalgCross.Run(input, FromScalar(other, other.Type, null, false), dim);

    public static Tensor det(Tensor input) => input.det();
    public static Tensor inverse(Tensor input) => input.inverse();
    public static Tensor logdet(Tensor input) => input.logdet();
    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
    public static Tensor trace(Tensor input) => input.trace();
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Aten.Einsum.Run(equation, tensors);
    public static (Tensor a, Tensor tau) geqrf(Tensor input) => Aten.Geqrf.Run2(input);
    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static (Tensor Solution, Tensor QR) lstsq(Tensor B, Tensor A) => (linalg.lstsq(A, B).Solution, geqrf(A).a);

    public static (Tensor A_LU, Tensor? pivots, Tensor? infos) lu(Tensor A, bool pivot = true, bool get_infos = false)
    {
        var (factors, pivots, infos) = Aten.LinalgLuFactorEx.Run3(A, pivot);
        if (get_infos) return (factors, pivots, infos);
        infos.Dispose();
        return (factors, pivots, null);
    }

    public static (Tensor P, Tensor? L, Tensor? U) lu_unpack(
        Tensor LU_data, Tensor LU_pivots, bool unpack_data = true, bool unpack_pivots = true) =>
            Aten.LuUnpack.Run3(LU_data, LU_pivots, unpack_data, unpack_pivots);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor orgqr(Tensor input, Tensor tau) => Aten.Orgqr.Run(input, tau);

    public static Tensor ormqr(Tensor input, Tensor tau, Tensor other, bool left = true, bool transpose = false) =>
        Aten.Ormqr.Run(input, tau, other, left, transpose);

    public static Tensor pinverse(Tensor input, double rcond = 1E-15, bool hermitian = false) =>
        input.pinverse(rcond, hermitian);

    public static Tensor renorm(Tensor input, float p, long dim, float maxnorm) => Aten.Renorm.Run(input, p, dim, maxnorm);
    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => Aten.Slogdet.Run2(A);
    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);
}
