using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class ContainerTests
{
    private sealed class Watching(List<Tensor> seen) : Module<Tensor, Tensor>(nameof(Watching))
    {
        public override Tensor forward(Tensor input)
        {
            seen.Add(input);
            return input + 1;
        }
    }

    [Fact]
    public void ASequenceDisposesWhatLiesBetween()
    {
        var seen = new List<Tensor>();
        using var m = Sequential(new Watching(seen), new Watching(seen), new Watching(seen));
        var x = zeros(2);
        Assert.Equal(new[] { 3f, 3f }, m.call(x).data<float>().ToArray());
        Assert.False(x.IsInvalid);
        Assert.True(seen[1].IsInvalid);
        Assert.True(seen[2].IsInvalid);
    }

    [Fact]
    public void IdentityAndAnEmptySequenceGiveSecondReferences()
    {
        var x = ones(2);
        using (var y = Sequential(Identity(), Identity()).call(x)) Assert.True(y.Equals(x));
        using (var y = Sequential().call(x)) Assert.True(y.Equals(x));
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void ElementsHaveNamesNumbersAndSlices()
    {
        using var m = Sequential(("first", Linear(2, 3)), ("act", Tanh())).append(Linear(3, 1)).append("last", ReLU());
        Assert.Equal(["first", "act", "2", "last"], m.named_children().Select(c => c.name));
        Assert.Equal(["first.weight", "first.bias", "2.weight", "2.bias"], m.named_parameters().Select(p => p.name));
        Assert.Equal(4, m.Count);
        Assert.Equal(["act", "2"], m[1..3].named_children().Select(c => c.name));
        Assert.Equal(["2", "last"], m[(2, null)].named_children().Select(c => c.name));
        Assert.Same(m[0], m[..1][0]);
        Assert.Contains("0 to 4", Assert.Throws<IndexOutOfRangeException>(() => m[(0, 5)]).Message);
        m.eval();
        Assert.All(m.children(), child => Assert.False(child.training));
        m.Dispose();
        Assert.True(((Linear)m[0]).weight.IsInvalid);
    }

    private sealed class Collections : Module
    {
        internal readonly ModuleDict<Linear> dict = ModuleDict(("b", Linear(1, 2)), ("a", Linear(2, 1)));
        internal readonly ParameterList list = ParameterList(new Parameter(ones(1)), new Parameter(ones(2)));
        internal readonly ParameterDict named = ParameterDict(("scale", new Parameter(ones(3))));

        internal Collections() : base(nameof(Collections)) => RegisterComponents();
    }

    [Fact]
    public void CollectionsRegisterTheirElementsAndFollowThemWhenTheyMove()
    {
        using var m = new Collections();
        Assert.Equal(["dict.b.weight", "dict.b.bias", "dict.a.weight", "dict.a.bias", "list.0", "list.1", "named.scale"],
            m.named_parameters().Select(p => p.name));
        m.to(float64);
        Assert.All(m.parameters(), p => Assert.Equal(float64, p.dtype));
        Assert.Equal(float64, m.list[1].dtype);
        Assert.Equal(float64, m.named["scale"].dtype);
        Assert.Same(m.list[0], m.list.get_parameter("0"));
        Assert.Equal(["b", "a"], m.dict.keys());
        Assert.True(m.dict.ContainsKey("a"));
        Assert.Throws<ArgumentException>(() => m.dict.Add("a", Linear(1, 1)));
        Assert.True(m.named.has_parameter("scale"));
    }
}
