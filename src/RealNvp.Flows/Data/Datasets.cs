using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>Small real data sets from the repository's data folder, whose README tells source, licence and checksum of each.</summary>
public static class Datasets
{
    /// <summary>
    /// Old Faithful: 272 eruptions, duration and waiting time to the next one in minutes (Azzalini, Bowman 1990; R's data set faithful).
    /// </summary>
    /// <returns>[272, 2].</returns>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="FormatException">The file is damaged; the message names file, line and column.</exception>
    public static Tensor OldFaithful(ScalarType dtype = ScalarType.Float32) => Csv.Read(DataFiles.Find("old-faithful.csv")).ToTensor(dtype);
}
