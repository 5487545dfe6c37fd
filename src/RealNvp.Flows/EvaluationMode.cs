using static TorchSharp.torch;

namespace RealNvp.Flows;

/// <summary>Measuring and sampling look at a model as it is in evaluation, and leave it in the mode that it was in.</summary>
internal static class EvaluationMode
{
    /// <summary>Puts a model into evaluation mode until what is returned is disposed; null where it is in it.</summary>
    internal static IDisposable? Of(nn.Module model)
    {
        if (!model.training) return null;
        var training = model.modules().Append(model).Where(module => module.training).ToHashSet(ReferenceEqualityComparer.Instance);
        model.eval();
        return new Return(model, training);
    }

    private sealed class Return(nn.Module model, HashSet<object?> training) : IDisposable
    {
        public void Dispose()
        {
            // A module's mode is its children's, too: those come after it, and get their own back.
            model.train(training.Contains(model));
            foreach (var module in model.modules()) module.train(training.Contains(module));
        }
    }
}
