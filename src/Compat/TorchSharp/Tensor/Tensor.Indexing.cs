using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign([i1], value);
        }

        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Assign([i1, i2], value);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Assign([i1, i2, i3], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Assign([i1, i2, i3, i4], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At([i1, i2, i3, i4, i5]);
            set => Assign([i1, i2, i3, i4, i5], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At([i1, i2, i3, i4, i5, i6]);
            set => Assign([i1, i2, i3, i4, i5, i6], value);
        }

        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Assign(indices, value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = ApplyViews(indices);
            return tensors is null ? view : Gather(view, tensors);
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        /// <summary>Writes the value, broadcast, where the indices point; adds it there with <paramref name="accumulate"/>.</summary>
        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            var (view, tensors) = ApplyViews(indices);
            using var target = view;
            if (tensors is not null)
            {
                using var given = value.As(dtype, device_type == value.device_type ? null : device);
                Aten.IndexPut_.RunInPlace(target, Arg.Indices(tensors), given, accumulate);
            }
            else if (accumulate) target.add_(value);
            else target.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = FromScalar(value, value.Type, device, false);
            return index_put_(number, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = FromScalar(value, value.Type, device, false);
            return index_put_(number, indices, false);
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var view = alias();
            foreach (var i in indices) view = Replace(view, view.select(0, i));
            return view;
        }

        private void Assign(ReadOnlySpan<long> indices, Tensor value)
        {
            using var target = At(indices);
            target.copy_(value);
        }

        // Numbers, slices and new axes become views, in order; index tensors are collected for one call of aten::index.
        private (Tensor View, Tensor?[]? Tensors) ApplyViews(TensorIndex[] indices)
        {
            var taken = 0L;
            var ellipses = 0;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.Form.Single or TensorIndex.Form.Slice:
                        taken++;
                        break;
                    case TensorIndex.Form.Tensor:
                        taken += Covers(index.Indices!);
                        break;
                    case TensorIndex.Form.Ellipsis:
                        ellipses++;
                        break;
                }
            }
            if (ellipses > 1) throw new ArgumentException("expected at most one ellipsis among the indices");
            if (taken > ndim) throw new IndexOutOfRangeException($"expected at most {ndim} indices for shape [{string.Join(", ", shape)}], got {taken}");

            var view = alias();
            var dim = 0L;
            var covered = 0L;
            List<Tensor?>? tensors = null;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.Form.Single:
                        view = Replace(view, view.select(dim, index.Start!.Value));
                        break;
                    case TensorIndex.Form.Slice:
                        if (!index.IsWhole) view = Replace(view, Aten.SliceTensor.Run(view, dim, index.Start, index.Stop, index.Step ?? 1));
                        dim++;
                        break;
                    case TensorIndex.Form.Ellipsis:
                        dim += ndim - taken;
                        break;
                    case TensorIndex.Form.NewAxis:
                        view = Replace(view, view.unsqueeze(dim++));
                        break;
                    case TensorIndex.Form.Bool:
                        view = Replace(view, view.unsqueeze(dim));
                        Collect(index.Start == 1 ? zeros([1], ScalarType.Int64, device) : empty([0], ScalarType.Int64, device), 1);
                        break;
                    case TensorIndex.Form.Tensor when index.Indices!.ndim == 0 && IsMask(index.Indices):
                        view = Replace(view, view.unsqueeze(dim));
                        Collect(index.Indices.ToBoolean() ? zeros([1], ScalarType.Int64, device) : empty([0], ScalarType.Int64, device), 1);
                        break;
                    case TensorIndex.Form.Tensor:
                        Collect(index.Indices!, Covers(index.Indices!));
                        break;
                }
            }
            return (view, tensors?.ToArray());

            // Dimensions that are skipped get no index; a mask of n dimensions stands for n indices.
            void Collect(Tensor index, long width)
            {
                tensors ??= [];
                for (; covered < dim; covered++) tensors.Add(null);
                tensors.Add(index);
                covered += width;
                dim += width;
            }
        }

        private static bool IsMask(Tensor index) => index.dtype is ScalarType.Bool or ScalarType.Byte;

        private static long Covers(Tensor index) => IsMask(index) ? index.ndim : 1;

        private static Tensor Gather(Tensor view, Tensor?[] tensors)
        {
            using (view) return Aten.IndexTensor.Run(view, Arg.Indices(tensors));
        }

        private static Tensor Replace(Tensor old, Tensor view)
        {
            old.Dispose();
            return view;
        }
    }
}
