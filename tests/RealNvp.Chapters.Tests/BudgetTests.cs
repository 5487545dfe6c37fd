namespace RealNvp.Chapters.Tests;

public sealed class BudgetTests
{
    [Theory]
    [InlineData(null, "quick", 1)]
    [InlineData("", "quick", 1)]
    [InlineData("full", "full", 2)]
    [InlineData("gpu", "gpu", 3)]
    public void A_name_gives_its_budget(string? name, string expected, int value)
    {
        var budget = Budget.Parse(name);
        Assert.Equal(expected, budget.ToString());
        Assert.Equal(value, budget.Choose(1, 2, 3));
        Assert.Equal(Math.Min(value, 2), budget.Choose(1, 2));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_choices() =>
        Assert.Contains("quick, full or gpu", Assert.Throws<ArgumentException>(() => Budget.Parse("huge")).Message);
}
