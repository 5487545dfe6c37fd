using static TorchSharp.torch;

namespace RealNvp.Flows;

/// <summary>
/// What every public call of a model has around its work: intermediate tensors are freed, results go to the caller's scope, and a
/// failure over a tensor of another precision says so.
/// </summary>
internal static class ModelCall
{
    /// <summary>Runs work that makes one tensor.</summary>
    /// <param name="model">Whose parameters' precision counts.</param>
    /// <param name="title">The model's name in a message.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="inputs">The tensors that the caller gave, with their names.</param>
    /// <exception cref="ArgumentException">The work failed, and an input is of another precision than the model.</exception>
    internal static Tensor Run(FlowModule model, string title, Func<Tensor> work, params (Tensor? Given, string Name)[] inputs)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Explained(model, title, work, inputs));
    }

    /// <summary>Runs work that makes two tensors.</summary>
    /// <inheritdoc cref="Run(FlowModule, string, Func{Tensor}, ValueTuple{Tensor, string}[])"/>
    internal static (Tensor, Tensor) Run(FlowModule model, string title, Func<(Tensor, Tensor)> work,
        params (Tensor? Given, string Name)[] inputs)
    {
        using var scope = NewDisposeScope();
        var (first, second) = Explained(model, title, work, inputs);
        return scope.MoveToOuter(first, second);
    }

    private static ScalarType? HalfPrecision(FlowModule model) => model.parameters().Concat(model.buffers())
        .Select(tensor => (ScalarType?)tensor.dtype).FirstOrDefault(dtype => dtype is ScalarType.Float16 or ScalarType.BFloat16);

    private static T Explained<T>(FlowModule model, string title, Func<T> work, (Tensor? Given, string Name)[] inputs)
    {
        if (model.IsDisposed) throw Disposed.Error(model);
        try
        {
            return work();
        }
        catch (Exception e) when (Shapes.OtherPrecision(model, title, e, inputs) is { } sentence)
        {
            throw sentence;
        }
        catch (Exception e) when (e is not ArgumentException && HalfPrecision(model) is { } dtype
            && e.Message.Contains("not implemented for", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{title} is in {dtype}, for which torch has not every operator on this device "
                + $"({e.Message.Split('\n')[0].Trim()}); take it in float32: model.to(torch.float32).", e);
        }
    }
}
