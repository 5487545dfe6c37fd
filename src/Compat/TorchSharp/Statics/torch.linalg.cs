using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Linear algebra on batches of matrices.</summary>
    public static partial class linalg
    {
        public static Tensor cholesky(Tensor input) => Aten.LinalgCholesky.Run(input);
        public static Tensor cond(Tensor input) => Aten.LinalgCond.Run(input);
        public static Tensor det(Tensor input) => Aten.LinalgDet.Run(input);
        public static Tensor eigvals(Tensor input) => Aten.LinalgEigvals.Run(input);
        public static Tensor inv(Tensor input) => Aten.LinalgInv.Run(input);
        public static Tensor matrix_exp(Tensor input) => Aten.LinalgMatrixExp.Run(input);
        public static Tensor svdvals(Tensor input) => Aten.LinalgSvdvals.Run(input);

        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false) =>
            Aten.LinalgCholeskyEx.Run2(input, check_errors);

        public static (Tensor L, Tensor info) inv_ex(Tensor input, bool check_errors = false) =>
            Aten.LinalgInvEx.Run2(input, check_errors);

        public static Tensor cond(Tensor input, int p) => Aten.LinalgCond.Run(input, p);
        public static Tensor cond(Tensor input, double p) => Aten.LinalgCond.Run(input, p);
        public static Tensor cond(Tensor input, string p) => Aten.LinalgCondPStr.Run(input, p);
        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => Aten.LinalgCross.Run(input, other, dim);

        public static Tensor diagonal(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1) =>
            Aten.LinalgDiagonal.Run(input, offset, dim1, dim2);

        public static (Tensor, Tensor) eig(Tensor input) => Aten.LinalgEig.Run2(input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Aten.LinalgSlogdet.Run2(input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Aten.LinalgEigh.Run2(input, UPLO.ToString());
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Aten.LinalgEigvalsh.Run(input, UPLO.ToString());
        public static Tensor householder_product(Tensor A, Tensor tau) => Aten.LinalgHouseholderProduct.Run(A, tau);

        public static (Tensor LU, Tensor? Pivots) ldl_factor(Tensor input, bool hermitian = true) =>
            Aten.LinalgLdlFactor.Run2(input, hermitian);

        public static (Tensor LU, Tensor? Pivots, Tensor? Info) ldl_factor_ex(
            Tensor input, bool hermitian = true, bool check_errors = false) =>
                Aten.LinalgLdlFactorEx.Run3(input, hermitian, check_errors);

        public static Tensor ldl_solve(Tensor LD, Tensor pivots, Tensor B, bool hermitian = false) =>
            Aten.LinalgLdlSolve.Run(LD, pivots, B, hermitian);

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other) =>
            Aten.LinalgLstsq.Run4(input, other);

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(
            Tensor input, Tensor other, double rcond) =>
                Aten.LinalgLstsq.Run4(input, other, rcond);

        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true) => Aten.LinalgLu.Run3(input, pivot);

        public static (Tensor LU, Tensor? Pivots) lu_factor(Tensor input, bool pivot = true) =>
            Aten.LinalgLuFactor.Run2(input, pivot);

        public static Tensor lu_solve(
            Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null) =>
                @out is null
                    ? Aten.LinalgLuSolve.Run(LU, pivots, B, left, adjoint)
                    : Aten.LinalgLuSolveOut.Run(LU, pivots, B, left, adjoint, @out);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgMatrixNormStrOrd.Run(input, ord, dims ?? LastTwo, keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgMatrixNorm.Run(input, ord, dims ?? LastTwo, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgNorm.Run(input, ord, dims, keepdim);

        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.LinalgMatrixRankAtolRtolFloat.Run(input, atol, rtol, hermitian);

        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.LinalgPinvAtolRtolFloat.Run(input, atol, rtol, hermitian);

        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Aten.LinalgMatrixRankAtolRtolTensor.Run(input, atol, rtol, hermitian);

        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Aten.LinalgPinvAtolRtolTensor.Run(input, atol, rtol, hermitian);

        public static Tensor multi_dot(IList<Tensor> tensors) => Aten.LinalgMultiDot.Run(AsArray(tensors));

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgNormOrdStr.Run(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgNorm.Run(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgNorm.Run(input, Arg.Default, dims, keepdim);

        public static (Tensor Q, Tensor R) qr(Tensor input, torch.linalg.QRMode mode = torch.linalg.QRMode.Reduced) =>
            Aten.LinalgQr.Run2(input, mode.ToString().ToLowerInvariant());

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Aten.LinalgSolve.Run(A, B, left);

        public static (Tensor result, Tensor info) solve_ex(Tensor A, Tensor B, bool left = true, bool check_errors = false) =>
            Aten.LinalgSolveEx.Run2(A, B, left, check_errors);

        public static Tensor solve_triangular(
            Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null) =>
                @out is null
                    ? Aten.LinalgSolveTriangular.Run(A, B, upper, left, unitriangular)
                    : Aten.LinalgSolveTriangularOut.Run(A, B, upper, left, unitriangular, @out);

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            Aten.LinalgSvd.Run3(input, fullMatrices);

        public static Tensor tensorinv(Tensor input, long ind) => Aten.LinalgTensorinv.Run(input, ind);
        public static Tensor tensorsolve(Tensor A, Tensor B, long[] dims) => Aten.LinalgTensorsolve.Run(A, B, dims);
        public static Tensor vander(Tensor input, long? N = null) => Aten.LinalgVander.Run(input, N);

        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null) =>
            @out is null ? Aten.LinalgVecdot.Run(x, y, dim) : Aten.LinalgVecdotOut.Run(x, y, dim, @out);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            Aten.LinalgVectorNorm.Run(input, ord, dims, keepdim);
    }
}
