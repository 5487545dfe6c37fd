namespace RealNvp.Flows.Tests.Files;

public sealed class ShownTests
{
    [Theory]
    [InlineData("plain é 😀", "plain é 😀")]
    [InlineData("\u001b[31mred\u0007\r\n", "\\u001b[31mred\\u0007\\u000d\\u000a")]
    [InlineData("a\u202eb\u2028c\u0085", "a\\u202eb\\u2028c\\u0085")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("\U000e0041", "\\U000e0041")]
    [InlineData(null, "")]
    public void What_a_terminal_acts_on_is_written_out(string? text, string expected) => Assert.Equal(expected, Shown.Text(text));

    [Fact]
    public void Half_a_character_is_written_out() => Assert.Equal("a\\ud800b", Shown.Text("a" + (char)0xD800 + "b"));

    [Theory]
    [InlineData('a')]
    [InlineData('\u001b')]
    public void A_long_text_keeps_its_start_and_its_end_in_so_many_characters(char middle)
    {
        var shown = Shown.Text("start" + new string(middle, 5_000_000) + "end", 60);
        Assert.Equal(60, shown.Length);
        Assert.StartsWith("start", shown);
        Assert.EndsWith("end", shown);
        Assert.Contains("…", shown);
        Assert.Equal(200, Shown.Text(new string(middle, 300)).Length);
    }

    [Fact]
    public void No_pair_of_surrogates_is_cut()
    {
        for (var pad = 0; pad < 4; pad++)
        {
            var shown = Shown.Text(new string('a', pad) + string.Concat(Enumerable.Repeat("😀", 500)));
            Assert.DoesNotContain("\\u", shown);
            Assert.InRange(shown.Length, 198, 200);
            Assert.DoesNotContain('\ufffd', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(shown)));
        }
    }

    [Fact]
    public void Lines_stay_lines() => Assert.Equal("a\nb\\u001b\n", Shown.Lines("a\r\nb\u001b\n"));
}
