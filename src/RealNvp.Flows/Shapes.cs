using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows;

/// <summary>
/// Checks of what callers hand in: the event's shape, its dtype, the context. Written once, used at every public entrance.
/// </summary>
internal static class Shapes
{
    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    internal static string Batched(IEnumerable<long> shape) => $"[N{string.Concat(shape.Select(s => $", {s}"))}]";

    internal static long Elements(this long[] shape) => shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>
    /// Holds a batch against the event shape that its receiver works on (null: any event of at least one dimension).
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ, or the dtype is not a floating one.</exception>
    internal static void Require(string receiver, Tensor x, long[]? eventShape, string argument)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        if (!x.is_floating_point())
            throw new ArgumentException(
                $"{receiver} works on floating-point tensors, but {argument} has dtype {x.dtype}; convert it with "
                + $".to(torch.{(IsExactInFloat32(x) ? "float32" : "float64")}).", argument);
        if (eventShape is null)
        {
            if (x.dim() < 2)
                throw new ArgumentException(
                    $"{receiver} expects a batch [N, ...event], but {argument} has shape {Text(x.shape)}; add the batch "
                    + "dimension with unsqueeze(0).",
                    argument);
            return;
        }
        var fits = x.dim() == eventShape.Length + 1;
        for (var k = 0; fits && k < eventShape.Length; k++) fits = x.size(k + 1) == eventShape[k];
        if (!fits)
            throw new ArgumentException(
                $"{receiver} expects {argument} of shape {Batched(eventShape)} (N events of shape {Text(eventShape)}), "
                + $"but was given {Text(x.shape)}{Reshaped(x, eventShape, argument)}.", argument);
    }

    /// <summary>What to call on a tensor that lacks a dimension of 1, or holds its channels last.</summary>
    private static string Reshaped(Tensor x, long[] eventShape, string argument)
    {
        if (x.shape.SequenceEqual(eventShape)) return $"; one event is a batch of one: {argument}.unsqueeze(0)";
        if (eventShape[0] == 1 && x.dim() == eventShape.Length && x.shape.AsSpan(1).SequenceEqual(eventShape.AsSpan(1)))
            return $"; take {argument}.unsqueeze(1)";
        return eventShape.Length == 3 && x.dim() == 4
            && x.shape.AsSpan(1).SequenceEqual([eventShape[1], eventShape[2], eventShape[0]])
            ? $"; channels come first: {argument}.permute(0, 3, 1, 2)" : "";
    }

    /// <summary>Whether float32 tells whole numbers apart, as it does up to 2^24.</summary>
    private static bool IsExactInFloat32(Tensor x)
    {
        const long Exact = 1 << 24;
        if (x.numel() == 0 || x.dtype is not (ScalarType.Int32 or ScalarType.Int64)) return true;
        using var scope = NewDisposeScope();
        return x.max().ToInt64() <= Exact && x.min().ToInt64() >= -Exact;
    }

    /// <summary>
    /// What to say where a model's work failed because a tensor that it was given is of another precision than its own
    /// parameters; null where that is not so. Asked after a failure only: many maps work in either precision, and looking costs
    /// time.
    /// </summary>
    internal static ArgumentException? OtherPrecision(nn.Module model, string receiver, Exception cause,
        params (Tensor? Given, string Name)[] inputs)
    {
        if (cause is ArgumentException) return null;
        var own = model.parameters().Concat(model.buffers()).FirstOrDefault(p => p.is_floating_point())?.dtype;
        if (cause.Message.Contains("dtype", StringComparison.Ordinal) && Mixed(model) is { } both)
            return new ArgumentException($"{receiver} has parameters of different precision, {both}; bring them to one: "
                + "model.to(torch.float32), or float64.", cause);
        var (other, name) = inputs.FirstOrDefault(i => i.Given is { } given && own is { } dtype && given.dtype != dtype);
        return other is null ? null : new ArgumentException(
            $"{receiver} is in {own}, but {name} has dtype {other.dtype}; convert one to the other's: "
            + $"{name}.to(torch.{Name(own!.Value)}), or the model with .to(torch.{Name(other.dtype)}).",
            name, cause);
    }

    private static string? Mixed(nn.Module model)
    {
        var dtypes = model.parameters().Concat(model.buffers()).Where(p => p.is_floating_point()).Select(p => p.dtype)
            .Distinct().ToArray();
        return dtypes.Length > 1 ? string.Join(" and ", dtypes) : null;
    }

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();

    private static string Remedy(Tensor context, long size, long? batch, string argument) =>
        context.dim() == 2 && context.size(0) == 1 && context.size(1) == size && batch is { } n
            ? $"; one context for all {n} events is {argument}.expand({n}, -1)"
        : context.dim() == 1 && context.size(0) == size
            ? $"; one context for all events is {argument}.unsqueeze(0).expand({(batch is { } m ? m : "N")}, -1)"
        : context.dim() == 1 && size == 1 && context.size(0) == batch ? $"; take {argument}.unsqueeze(1)" : "";

    /// <summary>Holds a context against what its receiver was built for.</summary>
    /// <exception cref="ArgumentException">A context is missing, not expected, or of another shape.</exception>
    internal static void RequireContext(string receiver, Tensor? context, long? contextSize, long? batch,
        string argument = "context")
    {
        if (contextSize is not { } size)
        {
            if (context is not null)
                throw new ArgumentException(
                    $"{receiver} takes no context, but one of shape {Text(context.shape)} was given; build its conditioners "
                    + "with contextSize to use one.", argument);
            return;
        }
        if (context is null)
            throw new ArgumentException($"{receiver} expects a context of shape [N, {size}], but none was given.",
                argument);
        if (context.dim() != 2 || context.size(1) != size || (batch is { } n && context.size(0) != n))
            throw new ArgumentException(
                $"{receiver} expects a context of shape [{(batch is { } m ? m : "N")}, {size}], but was given "
                + $"{Text(context.shape)}{Remedy(context, size, batch, argument)}.", argument);
    }
}
