using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

/// <summary>How a module finds, names and guards what it holds.</summary>
public class RegistrationTests
{
    private class Base : Module<Tensor, Tensor>
    {
        protected Parameter inherited = new(zeros(1));

        protected Base(string name) : base(name)
        {
        }

        public override Tensor forward(Tensor input) => input.alias();
    }

    private sealed class Holder : Base
    {
        internal readonly Linear layer = Linear(2, 3);
        private readonly Parameter _own = new(ones(2));
        internal Tensor cached = arange(4f);
        [ComponentName(Name = "renamed")] private readonly Linear _other = Linear(3, 1, hasBias: false);
        internal readonly Linear? absent = null;
        internal readonly Linear[] array = [Linear(1, 1)];
        internal readonly List<Module> list = [Linear(1, 1)];
        internal readonly ModuleList<Linear> stack = ModuleList(Linear(1, 2));

        internal Holder() : base(nameof(Holder)) => RegisterComponents();

        internal void Again() => RegisterComponents();

        internal float[] Own => _own.data<float>().ToArray();
    }

    private sealed class Bare() : Module(nameof(Bare))
    {
        internal readonly Parameter p = new(zeros(1));
    }

    [Fact]
    public void FieldsAreRegisteredByName()
    {
        using var m = new Holder();
        Assert.Equal(["_own", "inherited", "layer.weight", "layer.bias", "renamed.weight", "stack.0.weight", "stack.0.bias"],
            m.named_parameters().Select(p => p.name));
        Assert.Equal(["cached"], m.named_buffers().Select(b => b.name));
        Assert.Equal(["layer", "renamed", "stack"], m.named_children().Select(c => c.name));
        Assert.Equal(["layer", "renamed", "stack", "stack.0"], m.named_modules().Select(c => c.name));
        Assert.Equal(["_own", "inherited"], m.named_parameters(recurse: false).Select(p => p.name));
        m.Again();
        Assert.Equal(7, m.parameters().Count());
        Assert.Equal(new[] { 1f, 1f }, m.Own);
    }

    [Fact]
    public void WithoutTheCallNothingIsRegistered()
    {
        using var m = new Bare();
        Assert.Empty(m.parameters());
        Assert.Empty(ModuleList(Linear(1, 1)).parameters());
    }

    [Fact]
    public void NamesLeadToParametersAndBuffers()
    {
        using var m = new Holder();
        Assert.Same(m.layer.weight, m.get_parameter("layer.weight"));
        Assert.Same(m.cached, m.get_buffer("cached"));
        Assert.True(m.has_parameter("stack.0.bias"));
        Assert.Null(m.get_parameter("layer.nothing"));
        Assert.Null(m.get_parameter("nothing.weight"));
        Assert.False(m.has_buffer("layer.weight"));
    }

    [Fact]
    public void ASharedParameterIsOneParameterWithTwoNames()
    {
        var shared = Linear(2, 2);
        using var m = ModuleDict(("a", shared), ("b", shared));
        var outer = new Outer(m);
        Assert.Equal(["m.a.weight", "m.a.bias"], outer.named_parameters().Select(p => p.name));
        Assert.Equal(["m.a.weight", "m.a.bias", "m.b.weight", "m.b.bias"], outer.state_dict().Keys);
    }

    private sealed class Outer : Module
    {
        internal readonly Module m;

        internal Outer(Module inner) : base(nameof(Outer))
        {
            m = inner;
            RegisterComponents();
        }
    }

    [Fact]
    public void TakenAndEmptyNamesAreRefused()
    {
        using var m = new Holder();
        Assert.Contains("'_own'", Assert.Throws<InvalidOperationException>(() =>
            m.register_parameter("_own", new Parameter(zeros(1)))).Message);
        Assert.Contains("'cached'", Assert.Throws<InvalidOperationException>(() => m.register_buffer("cached", zeros(1)))
            .Message);
        Assert.Contains("'layer'", Assert.Throws<InvalidOperationException>(() => m.register_module("layer", Linear(1, 1)))
            .Message);
        Assert.Throws<ArgumentNullException>(() => m.register_buffer("new", null!));
        Assert.Throws<ArgumentNullException>(() => m.register_parameter("new", null!));
        Assert.Contains("dot", Assert.Throws<ArgumentException>(() => m.register_module("a.b", Linear(1, 1))).Message);
        Assert.Contains("ReLU has no parameters", Assert.Throws<InvalidOperationException>(() => ReLU()
            .register_parameter("w", new Parameter(zeros(1)))).Message);
        m.register_module("layer", null!);
        Assert.DoesNotContain("layer", m.named_children().Select(c => c.name));
    }

    [Fact]
    public void ABufferThatIsNotPersistentIsNeitherListedNorMoved()
    {
        using var m = new Holder();
        var scratch = zeros(3);
        m.register_buffer("scratch", scratch, persistent: false);
        Assert.DoesNotContain("scratch", m.named_buffers(include_nonpersistent: true).Select(b => b.name));
        Assert.Same(scratch, m.get_buffer("scratch"));
        m.to(float64);
        Assert.Same(scratch, m.get_buffer("scratch"));
        Assert.Equal(float32, scratch.dtype);
    }

    [Fact]
    public void AFieldThatIsAssignedAnewIsNotRegisteredAnew()
    {
        using var m = new Holder();
        var old = m.cached;
        m.cached = ones(4);
        Assert.Same(old, m.state_dict()["cached"]);
        m.to(float64);
        Assert.Equal(float64, m.cached.dtype);
        Assert.Equal(3, m.cached[3].ToDouble());
    }

    [Fact]
    public void TrainingAndEvaluationReachEveryModule()
    {
        using var m = new Holder();
        Assert.All(m.modules(), child => Assert.True(child.training));
        m.eval();
        Assert.False(m.training);
        Assert.All(m.modules(), child => Assert.False(child.training));
        m.train();
        Assert.All(m.modules(), child => Assert.True(child.training));
        var order = new List<string>();
        m.apply(child => order.Add(child.GetName()));
        Assert.Equal(["Linear", "Linear", "Linear", "ModuleList", "Holder"], order);
    }

    [Fact]
    public void AParameterTakesOverTheHandleAndTheScope()
    {
        var data = ones(2);
        var p = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(p is { requires_grad: true, is_leaf: true });
        Assert.False(new Parameter(ones(1), requires_grad: false).requires_grad);

        Parameter own;
        Linear builtIn;
        using (NewDisposeScope())
        {
            own = new Parameter(ones(2));
            builtIn = Linear(2, 2);
        }
        Assert.True(own.IsInvalid);
        Assert.False(builtIn.weight.IsInvalid);

        var result = ones(2, requires_grad: true) * 2;
        Assert.False(new Parameter(result).is_leaf);
    }

    [Fact]
    public void DisposingAModuleFreesWhatItHolds()
    {
        var m = new Holder();
        var weight = m.layer.weight;
        m.Dispose();
        Assert.True(weight.IsInvalid);
        Assert.True(m.cached.IsInvalid);
        m.Dispose();
    }

    [Fact]
    public void HooksSeeAndReplaceInputAndResult()
    {
        using var m = Linear(2, 1, hasBias: false);
        init.ones_(m.weight);
        var calls = new List<string>();
        var first = m.register_forward_pre_hook((_, x) =>
        {
            calls.Add("before");
            return x * 2;
        });
        m.register_forward_hook((_, x, y) =>
        {
            calls.Add($"after {x.sum().ToDouble()}");
            return y + 1;
        });
        m.register_forward_pre_hook(module => calls.Add($"start {module.GetName()}"));
        m.register_forward_hook(_ => calls.Add("end"));
        Assert.Equal(5, m.call(ones(1, 2)).ToDouble());
        Assert.Equal(["start Linear", "before", "after 4", "end"], calls);
        Assert.Equal(2, m.forward(ones(1, 2)).ToDouble());
        first.remove();
        Assert.Equal(3, m.call(ones(1, 2)).ToDouble());
    }
}
