using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

public sealed class CheckTests
{
    [Fact]
    public void Close_accepts_what_is_within_the_tolerance() => Check.Close("pi", 3.14159, Math.PI, 1e-5);

    [Theory]
    [InlineData(1.0, 2.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Close_throws_with_both_sides(double left, double right)
    {
        var e = Assert.Throws<CheckFailedException>(() => Check.Close("a and b", left, right, 0.5));
        Assert.Contains("a and b", e.Message);
    }

    [Fact]
    public void Close_compares_tensors_entry_by_entry()
    {
        using var scope = NewDisposeScope();
        Check.Close("same", tensor(new[] { 1.0, 2.0 }), tensor(new[] { 1.0, 2.0 + 1e-12 }), 1e-10);
        Assert.Throws<CheckFailedException>(() =>
            Check.Close("one entry", tensor(new[] { 1.0, 2.0 }), tensor(new[] { 1.0, 2.1 }), 1e-10));
        Assert.Throws<CheckFailedException>(() =>
            Check.Close("shapes", tensor(new[] { 1.0, 2.0 }), tensor(new[] { 1.0 }), 1e-10));
        Assert.Throws<CheckFailedException>(() =>
            Check.Close("NaN", tensor(new[] { 1.0, double.NaN }), tensor(new[] { 1.0, double.NaN }), 1e-10));
    }

    [Fact]
    public void Greater_and_That_throw_where_they_do_not_hold()
    {
        Check.Greater("order", 2, 1);
        Assert.Throws<CheckFailedException>(() => Check.Greater("order", 1, 1));
        Assert.Throws<CheckFailedException>(() => Check.That("claim", false, "seen"));
    }
}
