using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Sums, extremes, statistics, sorting and searching.</summary>
    public partial class Tensor
    {
        public Tensor all() => Aten.All.Run(this);
        public Tensor any() => Aten.Any.Run(this);
        public Tensor argmax() => Aten.Argmax.Run(this);
        public Tensor argmin() => Aten.Argmin.Run(this);
        public Tensor corrcoef() => Aten.Corrcoef.Run(this);
        public Tensor mean() => Aten.Mean.Run(this);
        public Tensor median() => Aten.Median.Run(this);
        public Tensor msort() => Aten.Msort.Run(this);
        public Tensor nanmedian() => Aten.Nanmedian.Run(this);
        public Tensor nansum() => Aten.Nansum.Run(this);
        public Tensor all(long dim, bool keepdim = false) => Aten.AllDim.Run(this, dim, keepdim);
        public Tensor any(long dim, bool keepdim = false) => Aten.AnyDim.Run(this, dim, keepdim);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Argmax.Run(this, dim, keepdim);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.Argmin.Run(this, dim, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Logsumexp.Run(this, Arg.One(dim), keepdim);

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            Aten.Allclose.RunBool(this, target, rtol, atol, equal_nan);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Aten.Amax.Run(this, dims, keepdim) : Aten.AmaxOut.Run(this, dims, keepdim, @out);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Aten.Amin.Run(this, dims, keepdim) : Aten.AminOut.Run(this, dims, keepdim, @out);

        public Tensor amax(params long[] dims) => Aten.Amax.Run(this, dims);
        public Tensor amin(params long[] dims) => Aten.Amin.Run(this, dims);

        public unsafe Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* dimsPointer = dims)
                return @out is null
                    ? Aten.Amax.Run(this, new Arg(dimsPointer, dims.Length), keepdim)
                    : Aten.AmaxOut.Run(this, new Arg(dimsPointer, dims.Length), keepdim, @out);
        }

        public unsafe Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* dimsPointer = dims)
                return @out is null
                    ? Aten.Amin.Run(this, new Arg(dimsPointer, dims.Length), keepdim)
                    : Aten.AminOut.Run(this, new Arg(dimsPointer, dims.Length), keepdim, @out);
        }

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Aten.Aminmax.Run2(this, dim, keepdim);
        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Argsort.Run(this, dim, descending);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Bincount.Run(this, weights, minlength);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Aten.BucketizeTensor.Run(this, boundaries, outInt32, right);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Aten.CountNonzero.Run(this) : Aten.CountNonzeroDimIntList.Run(this, dims);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) =>
            Aten.Cov.Run(this, correction, fweights, aweights);

        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.Cummax.Run2(this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.Cummin.Run2(this, dim);
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Cumprod.Run(this, dim, type);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Cumsum.Run(this, dim, type);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) =>
            Aten.Diff.Run(this, n, dim, prepend, append);

        public Tensor dist(Tensor other, float p = 2f) => Aten.Dist.Run(this, other, p);
        public Tensor equal(Tensor target) => Aten.EqTensor.Run(this, target);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Histc.Run(this, bins, min, max);

        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) =>
            Aten.Isclose.Run(this, other, rtol, atol, nanEqual);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.IsinTensorTensor.Run(this, test_elements, assumeUnique, invert);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Aten.Kthvalue.Run2(this, k, dim ?? -1, keepdim);

        public Tensor logcumsumexp(long dim) => Aten.Logcumsumexp.Run(this, dim);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Aten.MeanDim.Run(this, dimensions, keepdim, type);

        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => Aten.Mode.Run2(this, dim, keepdim);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            Aten.Nanmean.Run(this, dim is { } d ? Arg.One(d) : Arg.None, keepdim, dtype);

        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Nanquantile.Run(this, q, dim, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Quantile.Run(this, q, dim, keepdim);
        public Tensor norm(float p = 2f) => Aten.NormScalar.Run(this, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2f) =>
            Aten.NormScalarOptDim.Run(this, p, Arg.One(dim), keepdim);

        public Tensor prod(ScalarType? type = null) => Aten.Prod.Run(this, type);
        public Tensor sum(ScalarType? type = null) => Aten.Sum.Run(this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Aten.ProdDimInt.Run(this, dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Aten.SumDimIntList.Run(this, Arg.One(dim), keepdim, type);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Aten.SortStable.Run2(this, stable, dim, descending);

        public Tensor std(bool unbiased = true) => Aten.Std.Run(this, unbiased);
        public Tensor var(bool unbiased = true) => Aten.Var.Run(this, unbiased);

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(dimensions.ToArray(), unbiased, keepdim, type);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var(dimensions.ToArray(), unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Aten.StdDim.Run(As(type), dimensions, unbiased, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Aten.VarDim.Run(As(type), dimensions, unbiased, keepdim);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Aten.StdDim.Run(As(type), Arg.One(dim), unbiased, keepdim);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Aten.VarDim.Run(As(type), Arg.One(dim), unbiased, keepdim);

        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(new[] { dim.Item1, dim.Item2 }, unbiased, keepdim, type);

        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var(new[] { dim.Item1, dim.Item2 }, unbiased, keepdim, type);

        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(new[] { dim.Item1, dim.Item2, dim.Item3 }, unbiased, keepdim, type);

        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var(new[] { dim.Item1, dim.Item2, dim.Item3 }, unbiased, keepdim, type);

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Aten.StdMean.Run2(this, unbiased);

        public (Tensor std, Tensor mean) std_mean(
            long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                Aten.StdMeanDim.Run2(As(type), dimensions, unbiased, keepdim);

        public (Tensor std, Tensor mean) var_mean(
            long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                Aten.VarMeanDim.Run2(As(type), dimensions, unbiased, keepdim);

        public (Tensor std, Tensor mean) std_mean(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                std_mean(dimensions.ToArray(), unbiased, keepdim, type);

        public (Tensor std, Tensor mean) var_mean(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                var_mean(dimensions.ToArray(), unbiased, keepdim, type);

        public (Tensor std, Tensor mean) std_mean(
            long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                Aten.StdMeanDim.Run2(As(type), Arg.One(dim), unbiased, keepdim);

        public (Tensor std, Tensor mean) std_mean(
            (long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                std_mean(new[] { dim.Item1, dim.Item2 }, unbiased, keepdim, type);

        public (Tensor std, Tensor mean) std_mean(
            (long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                std_mean(new[] { dim.Item1, dim.Item2, dim.Item3 }, unbiased, keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Aten.SumDimIntList.Run(this, dim, keepdim, type);

        public unsafe Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dimPointer = dim)
                return Aten.SumDimIntList.Run(this, new Arg(dimPointer, dim.Length), keepdim, type);
        }

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Aten.Topk.Run2(this, k, dim, largest, sorted);

        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.TrapezoidDx.Run(this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.TrapezoidX.Run(this, x, dim);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } d
                ? Aten.UniqueDim.Run3(this, (long)d, sorted, return_inverse, return_counts)
                : Aten.InternalUnique2.Run3(this, sorted, return_inverse, return_counts);
            return (output, KeepIf(return_inverse, inverse), KeepIf(return_counts, counts));
        }

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = Aten.UniqueConsecutive.Run3(this, return_inverse, return_counts, (long?)dim);
            return (output, KeepIf(return_inverse, inverse), KeepIf(return_counts, counts));
        }

        public (Tensor var, Tensor mean) var_mean(bool unbiased = true) => Aten.VarMean.Run2(this, unbiased);

        public (Tensor var, Tensor mean) var_mean(
            long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                Aten.VarMeanDim.Run2(As(type), Arg.One(dim), unbiased, keepdim);

        public (Tensor var, Tensor mean) var_mean(
            (long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                var_mean(new[] { dim.Item1, dim.Item2 }, unbiased, keepdim, type);

        public (Tensor var, Tensor mean) var_mean(
            (long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
                var_mean(new[] { dim.Item1, dim.Item2, dim.Item3 }, unbiased, keepdim, type);
    }
}
