using RealNvp.Flows.Tests.Training;
using TorchSharp.Tests.Tensors;

namespace StandInGpu.Tests;

/// <summary>The tests of TorchSharp's operators that need a GPU.</summary>
public sealed class OperatorsThere : CudaTests;

/// <summary>The tests of training that need a GPU.</summary>
public sealed class TrainingThere : CudaTrainingTests;
