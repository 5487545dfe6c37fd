namespace TorchSharp;

/// <summary>How torch.cdist computes the Euclidean distance.</summary>
public enum compute_mode
{
    use_mm_for_euclid_dist_if_necessary = 0,
    use_mm_for_euclid_dist = 1,
    donot_use_mm_for_euclid_dist = 2,
}

/// <summary>The order of a grid's axes: matrix (ij) or Cartesian (xy).</summary>
public enum indexing
{
    xy = 0,
    ij = 1,
}

/// <summary>How values that meet are combined.</summary>
public enum Reduce
{
    prod = 0,
    mean = 1,
    amax = 2,
    amin = 3,
}

/// <summary>The rules by which a histogram chooses its number of bins.</summary>
public enum HistogramBinSelector : byte
{
    Doane = 0,
    Rice = 1,
    Scott = 2,
    Sqrt = 3,
    Stone = 4,
    Sturges = 5,
}
