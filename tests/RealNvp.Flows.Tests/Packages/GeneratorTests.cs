using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Packages;

/// <summary>What the library relies on of TorchSharp's random numbers.</summary>
public sealed class GeneratorTests
{
    private static readonly Dictionary<string, Func<Generator, Tensor>> Draws = new()
    {
        ["rand"] = g => rand(5, generator: g),
        ["randn"] = g => randn(5, generator: g),
        ["randint"] = g => randint(0, 1000, 5, generator: g),
        ["randperm"] = g => randperm(20, generator: g),
        ["multinomial"] = g => multinomial(ones(50), 20, replacement: true, generator: g),
        ["rand of float64"] = g => rand(5, float64, generator: g),
    };

    public static TheoryData<string> Names => [.. Draws.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_seed_gives_the_same_numbers_again_and_another_one_others(string name)
    {
        using var scope = NewDisposeScope();
        using Generator one = new(7), same = new(7), other = new(8);
        var first = Draws[name](one);
        Assert.True(first.equal(Draws[name](same)).all().item<bool>());
        Assert.False(first.equal(Draws[name](other)).all().item<bool>());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_state_that_is_set_back_gives_the_numbers_that_followed_it(string name)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(7), another = new(99);
        _ = Draws[name](generator);
        var state = generator.get_state();
        var first = Draws[name](generator);
        _ = Draws[name](generator);
        another.set_state(state);
        Assert.True(first.equal(Draws[name](another)).all().item<bool>());
        generator.set_state(state);
        Assert.True(first.equal(Draws[name](generator)).all().item<bool>());
    }

    [Fact]
    public void A_generator_and_that_of_the_process_leave_each_other_alone()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var alone = rand(4);
        manual_seed(3);
        using Generator generator = new(3);
        _ = rand(4, generator: generator);
        Assert.True(alone.equal(rand(4)).all().item<bool>());
    }
}
