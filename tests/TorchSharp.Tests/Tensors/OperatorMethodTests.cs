using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Methods of one or two tensors against PyTorch's values: as t.op(), torch.op(t), t.op_() and torch.op_(t), whichever there are.</summary>
public class OperatorMethodTests
{
    public static TheoryData<string, string> Entries()
    {
        var data = new TheoryData<string, string>();
        foreach (var entry in OperatorTable.Methods)
            data.Add(entry.GetProperty("op").GetString()!, string.Join("|", entry.GetProperty("inputs").EnumerateArray().Select(e => e.GetString())));
        return data;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void AgreesWithPyTorch(string op, string inputs)
    {
        var names = inputs.Split('|');
        var expected = OperatorTable.Methods.First(e => e.GetProperty("op").GetString() == op
            && e.GetProperty("inputs").EnumerateArray().Select(n => n.GetString()).SequenceEqual(names)).GetProperty("outputs");
        var found = 0;
        foreach (var (form, call) in Forms(op))
        {
            using var scope = NewDisposeScope();
            var tensors = names.Select(n => OperatorTable.Inputs[n].clone()).ToArray();
            var result = call(tensors);
            if (result is null) continue;
            found++;
            OperatorTable.Same(expected, [result], $"{form} of {inputs}");
        }
        Assert.True(found > 0, $"no form of {op} takes {names.Length} tensors");
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void InPlaceGivesTheSameAndReturnsItself(string op, string inputs)
    {
        var names = inputs.Split('|');
        foreach (var (form, call) in Forms(op + "_"))
        {
            using var scope = NewDisposeScope();
            var tensors = names.Select(n => OperatorTable.Inputs[n].clone()).ToArray();
            var outOfPlace = Forms(op).Select(f => f.Call(tensors)).First(t => t is not null)!;
            if (outOfPlace.dtype != tensors[0].dtype || !outOfPlace.shape.SequenceEqual(tensors[0].shape)) continue;
            var result = call(tensors);
            if (result is null) continue;
            Assert.Same(tensors[0], result);
            Assert.True(outOfPlace.allclose(result, equal_nan: true), form);
        }
    }

    internal static IEnumerable<(string Form, Func<Tensor[], Tensor?> Call)> Forms(string name)
    {
        yield return ($"Tensor.{name}", t => Invoke(typeof(Tensor).GetMethods().Where(m => !m.IsStatic && m.Name == name), t[0], t[1..]));
        yield return ($"torch.{name}", t => Invoke(typeof(torch).GetMethods().Where(m => m.Name == name), null, t));
    }

    // The overload whose first parameters are these tensors and whose other parameters have defaults.
    private static Tensor? Invoke(IEnumerable<MethodInfo> overloads, Tensor? self, Tensor[] arguments)
    {
        var fitting = overloads.Where(m => m.ReturnType == typeof(Tensor)).FirstOrDefault(m => m.GetParameters() is var p
            && p.Length >= arguments.Length
            && p.Take(arguments.Length).All(x => x.ParameterType == typeof(Tensor) && !x.IsDefined(typeof(ParamArrayAttribute)))
            && p.Skip(arguments.Length).All(x => x.HasDefaultValue));
        if (fitting is null) return null;
        var rest = fitting.GetParameters().Skip(arguments.Length).Select(p => p.DefaultValue);
        return (Tensor)fitting.Invoke(self, [.. arguments, .. rest])!;
    }
}
