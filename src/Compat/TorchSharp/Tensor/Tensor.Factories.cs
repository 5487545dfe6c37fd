using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>New tensors like this one.</summary>
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.Bernoulli.Run(this, generator);
        public Tensor poisson(Generator? generator = null) => Aten.Poisson.Run(this, generator);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.EmptyLike.Run(this, dtype, Arg.None, device), requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.OnesLike.Run(this, dtype, Arg.None, device), requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.RandLike.Run(this, dtype, Arg.None, device), requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.RandnLike.Run(this, dtype, Arg.None, device), requires_grad);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.ZerosLike.Run(this, dtype, Arg.None, device), requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.FullLike.Run(this, value, dtype, Arg.None, device), requires_grad);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Multinomial.Run(this, num_samples, replacement, generator);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.NewEmpty.Run(this, size, dtype, Arg.None, device), requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.NewZeros.Run(this, size, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(
            ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                new_empty(size.ToArray(), dtype, device, requires_grad);

        public Tensor new_zeros(
            ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                new_zeros(size.ToArray(), dtype, device, requires_grad);

        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.NewEmpty.Run(this, new[] { size }, dtype, Arg.None, device), requires_grad);

        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.NewOnes.Run(this, new[] { size }, dtype, Arg.None, device), requires_grad);

        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Flagged(Aten.NewZeros.Run(this, new[] { size }, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewEmpty.Run(this, new[] { rows, columns }, dtype, Arg.None, device), requires_grad);

        public Tensor new_ones(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewOnes.Run(this, new[] { rows, columns }, dtype, Arg.None, device), requires_grad);

        public Tensor new_zeros(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewZeros.Run(this, new[] { rows, columns }, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewEmpty.Run(this, new[] { dim0, dim1, dim2 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_ones(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewOnes.Run(this, new[] { dim0, dim1, dim2 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_zeros(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewZeros.Run(this, new[] { dim0, dim1, dim2 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
                Flagged(Aten.NewEmpty.Run(this, new[] { dim0, dim1, dim2, dim3 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_ones(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
                Flagged(Aten.NewOnes.Run(this, new[] { dim0, dim1, dim2, dim3 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_zeros(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
                Flagged(Aten.NewZeros.Run(this, new[] { dim0, dim1, dim2, dim3 }, dtype, Arg.None, device), requires_grad);

        public Tensor new_full(
            long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.NewFull.Run(this, size, value, dtype, Arg.None, device), requires_grad);

        public Tensor new_full(
            ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                new_full(size.ToArray(), value, dtype, device, requires_grad);

        public Tensor new_full(
            long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                new_full(new[] { size }, value, dtype, device, requires_grad);

        public Tensor new_full(
            long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                new_full(new[] { rows, columns }, value, dtype, device, requires_grad);

        public Tensor new_full(
            long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
                new_full(new[] { dim0, dim1, dim2 }, value, dtype, device, requires_grad);

        public Tensor new_full(
            long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
                new_full(new[] { dim0, dim1, dim2, dim3 }, value, dtype, device, requires_grad);

        public Tensor randint_like(
            long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
                Flagged(Aten.RandintLikeLowDtype.Run(this, low, high, dtype, Arg.None, device), requires_grad);
    }
}
