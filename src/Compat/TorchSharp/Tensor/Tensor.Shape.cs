using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Joining, splitting, reshaping and indexing.</summary>
    public partial class Tensor
    {
        public Tensor argwhere() => Aten.Argwhere.Run(this);
        public Tensor atleast_1d() => Aten.Atleast1d.Run(this);
        public Tensor atleast_2d() => Aten.Atleast2d.Run(this);
        public Tensor atleast_3d() => Aten.Atleast3d.Run(this);
        public Tensor fliplr() => Aten.Fliplr.Run(this);
        public Tensor flipud() => Aten.Flipud.Run(this);
        public Tensor nonzero() => Aten.Nonzero.Run(this);
        public Tensor ravel() => Aten.Ravel.Run(this);
        public Tensor t() => Aten.T.Run(this);
        public Tensor view_as_complex() => Aten.ViewAsComplex.Run(this);
        public Tensor view_as_real() => Aten.ViewAsReal.Run(this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Aten.AsStrided.Run(this, size, strides, storageOffset);

        public static Tensor block_diag(params Tensor[] tensors) => Aten.BlockDiag.Run(tensors);
        public Tensor broadcast_to(params long[] shape) => Aten.BroadcastTo.Run(this, shape);
        public Tensor reshape(params long[] shape) => Aten.Reshape.Run(this, shape);
        public Tensor view(params long[] shape) => Aten.View.Run(this, shape);
        public Tensor[] chunk(long chunks, long dim = 0) => Aten.Chunk.RunList(this, chunks, dim);
        public Tensor diag(long diagonal = 0) => Aten.Diag.Run(this, diagonal);
        public Tensor tril(long diagonal = 0) => Aten.Tril.Run(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.Tril_.InPlace(this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.Triu.Run(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.Triu_.InPlace(this, diagonal);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.DiagEmbed.Run(this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => Aten.Diagflat.Run(this, offset);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Diagonal.Run(this, offset, dim1, dim2);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Aten.DiagonalScatter.Run(this, src, offset, dim1, dim2);

        public Tensor[] dsplit(long size) => Aten.DsplitInt.RunList(this, size);
        public Tensor[] hsplit(long size) => Aten.HsplitInt.RunList(this, size);
        public Tensor[] vsplit(long size) => Aten.VsplitInt.RunList(this, size);

        public Tensor[] dsplit((long, long) indices_or_sections) =>
            dsplit([indices_or_sections.Item1, indices_or_sections.Item2]);

        public Tensor[] dsplit((long, long, long) indices_or_sections) =>
            dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);

        public Tensor[] dsplit((long, long, long, long) indices_or_sections) =>
            dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);

        public Tensor[] dsplit(params long[] sizes) => Aten.DsplitArray.RunList(this, sizes);
        public Tensor[] hsplit(params long[] sizes) => Aten.HsplitArray.RunList(this, sizes);
        public Tensor[] split(params long[] sizes) => Aten.SplitSizes.RunList(this, sizes);
        public Tensor[] vsplit(params long[] sizes) => Aten.VsplitArray.RunList(this, sizes);
        public Tensor[] dsplit(Tensor indices) => indices.ndim == 0 ? dsplit(indices.ToInt64()) : dsplit(ToLongs(indices));
        public Tensor[] hsplit(Tensor indices) => indices.ndim == 0 ? hsplit(indices.ToInt64()) : hsplit(ToLongs(indices));
        public Tensor[] vsplit(Tensor indices) => indices.ndim == 0 ? vsplit(indices.ToInt64()) : vsplit(ToLongs(indices));

        public unsafe Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* sizesPointer = sizes)
                return Aten.Expand.Run(this, new Arg(sizesPointer, sizes.Length), isImplicit);
        }

        public Tensor expand(Size sizes, bool isImplicit = false) => Aten.Expand.Run(this, sizes.Shape, isImplicit);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Expand.Run(this, sizes, isImplicit);
        public Tensor expand(params long[] sizes) => Aten.Expand.Run(this, sizes);
        public Tensor repeat(params long[] sizes) => Aten.Repeat.Run(this, sizes);
        public Tensor expand_as(Tensor other) => Aten.ExpandAs.Run(this, other);
        public Tensor view_as(Tensor other) => Aten.ViewAs.Run(this, other);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.FlattenUsingInts.Run(this, start_dim, end_dim);
        public Tensor flip(params long[] dims) => Aten.Flip.Run(this, dims);
        public Tensor gather(long dim, Tensor index) => Aten.Gather.Run(this, dim, index);
        public Tensor index_select(long dim, Tensor index) => Aten.IndexSelect.Run(this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.IndexAdd.Run(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.IndexAdd_.InPlace(this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.IndexCopy.Run(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.IndexCopy_.InPlace(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.IndexFillIntScalar.Run(this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            Aten.IndexFill_IntScalar.InPlace(this, dim, index, value);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.MaskedFillScalar.Run(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.MaskedFill_Scalar.InPlace(this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.MaskedScatter.Run(this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Aten.MaskedScatter_.InPlace(this, mask, value);
        public Tensor masked_select(Tensor mask) => Aten.MaskedSelect.Run(this, mask);
        public Tensor moveaxis(long[] source, long[] destination) => Aten.MoveaxisIntlist.Run(this, source, destination);
        public Tensor movedim(long[] source, long[] destination) => Aten.MovedimIntlist.Run(this, source, destination);
        public Tensor narrow(long dim, long start, long length) => Aten.Narrow.Run(this, dim, start, length);
        public IList<Tensor> nonzero_as_list() => torch.where(this);
        public Tensor permute(params long[] permutation) => Aten.Permute.Run(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => Aten.Permute.Run(this, permutation.ToArray());

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.RepeatInterleaveSelfTensor.Run(this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.RepeatInterleaveSelfInt.Run(this, repeats, dim, output_size);

        public Tensor roll(long shifts, long? dims = null) =>
            Aten.Roll.Run(this, Arg.One(shifts), dims is { } dim ? Arg.One(dim) : Arg.Default);

        public Tensor roll((long, long) shifts, (long, long) dims) =>
            roll(new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });

        public Tensor roll(long[] shifts, long[] dims) => Aten.Roll.Run(this, shifts, dims);
        public Tensor roll(long[] shifts) => Aten.Roll.Run(this, shifts);

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            roll(new[] { shifts.Item1, shifts.Item2, shifts.Item3 }, new[] { dims.Item1, dims.Item2, dims.Item3 });

        public unsafe Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
        {
            fixed (long* shiftsPointer = shifts)
            fixed (long* dimsPointer = dims)
                return Aten.Roll.Run(this, new Arg(shiftsPointer, shifts.Length), new Arg(dimsPointer, dims.Length));
        }

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            Aten.Rot90.Run(this, k, new[] { dims?.Item1 ?? 0, dims?.Item2 ?? 1 });

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.ScatterSrc.Run(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.Scatter_Src.InPlace(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.ScatterAdd.Run(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.ScatterAdd_.InPlace(this, dim, index, src);
        public Tensor select(long dim, long index) => Aten.SelectInt.Run(this, dim, index);
        public Tensor select_scatter(Tensor src, long dim, long index) => Aten.SelectScatter.Run(this, src, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Aten.SliceTensor.Run(this, dim, start, finish, step);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            Aten.SliceScatter.Run(this, src, dim, start, end, step);

        public Tensor[] split(long size, int dim = 0) => Aten.SplitTensor.RunList(this, size, dim);

        public unsafe Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            fixed (long* sizesPointer = sizes)
                return Aten.SplitSizes.RunList(this, new Arg(sizesPointer, sizes.Length), dim);
        }

        public Tensor[] split(long[] sizes, long dim = 0) => Aten.SplitSizes.RunList(this, sizes, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.TensorSplitIndices.RunList(this, sizes, dim);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.SqueezeDim.Run(this, d) : Aten.Squeeze.Run(this);

        public Tensor squeeze_(long? dim = null) =>
            dim is { } d ? Aten.Squeeze_Dim.InPlace(this, d) : Aten.Squeeze_.InPlace(this);

        public Tensor swapaxes(long dim0, long dim1) => Aten.Swapaxes.Run(this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Aten.Swapdims.Run(this, dim0, dim1);
        public Tensor transpose(long dim0, long dim1) => Aten.TransposeInt.Run(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Aten.Transpose_.InPlace(this, dim0, dim1);
        public Tensor take(Tensor index) => Aten.Take.Run(this, index);
        public Tensor take_along_dim(Tensor indices) => Aten.TakeAlongDim.Run(this, indices);
        public Tensor take_along_dim(IEnumerable<long> indices) => take_along_dim(tensor(indices.ToArray()));
        public Tensor take_along_dim(Tensor indices, long dim) => Aten.TakeAlongDim.Run(this, indices, dim);
        public Tensor take_along_dim(IEnumerable<long> indices, long dim) => take_along_dim(tensor(indices.ToArray()), dim);
        public Tensor[] tensor_split(long size, long dim = 0) => Aten.TensorSplitSections.RunList(this, size, dim);

        public Tensor[] tensor_split(Tensor indices, long dim = 0) =>
            Aten.TensorSplitTensorIndicesOrSections.RunList(this, indices, dim);

        public Tensor tile(long[] reps) => Aten.Tile.Run(this, reps);
        public Tensor[] unbind(long dimension = 0) => Aten.UnbindInt.RunList(this, dimension);
        // Counted from the front only, as the package has it.
        public Tensor unflatten(long dim, params long[] sizes) => dim < 0 || dim >= ndim
            ? throw new ArgumentException($"Invalid 'dim' argument: {dim}.")
            : Aten.UnflattenInt.Run(this, dim, sizes);
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor unfold(long dimension, long size, long step) => Aten.Unfold.Run(this, dimension, size, step);
        public Tensor unsqueeze(long dim) => Aten.Unsqueeze.Run(this, dim);
        public Tensor unsqueeze_(long dim) => Aten.Unsqueeze_.InPlace(this, dim);
        public Tensor where(Tensor condition, Tensor y) => Aten.WhereSelf.Run(this, condition, y);
    }
}
