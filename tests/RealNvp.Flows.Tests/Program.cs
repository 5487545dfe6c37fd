using RealNvp.Flows.Tests.Training;

return args switch
{
    ["train", var checkpoint, var result] => TrainingRun.Run(checkpoint, result),
    _ => throw new ArgumentException("usage: train CHECKPOINT RESULT"),
};
