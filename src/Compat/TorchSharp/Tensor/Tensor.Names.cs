using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A label of this object; TorchSharp names parameters by it.</summary>
        public string? name { get; set; }

        /// <summary>Replaces named, neighbouring dimensions by one.</summary>
        public Tensor flatten(IList<string?> dims, string out_dim) =>
            Aten.FlattenDimnameList.Run(this, dims.Select(Dimname).ToArray(), Dimname(out_dim));

        /// <summary>Splits a named dimension into several.</summary>
        public Tensor unflatten(string dim, params (string, long)[] sizes) =>
            Aten.UnflattenDimname.Run(this, Dimname(dim), sizes.Select(s => s.Item2).ToArray(), sizes.Select(s => Dimname(s.Item1)).ToArray());
    }
}
