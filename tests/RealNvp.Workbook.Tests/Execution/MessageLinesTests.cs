using System.Text;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed class MessageLinesTests
{
    private static async Task<List<string>> ReadAsync(string text, int most, bool cuts)
    {
        var lines = new MessageLines(new MemoryStream(Encoding.UTF8.GetBytes(text)), most, cuts);
        List<string> read = [];
        while (await lines.ReadAsync() is { } line) read.Add(Encoding.UTF8.GetString(line.Span));
        return read;
    }

    [Theory]
    [InlineData("", false, new string[0])]
    [InlineData("", true, new string[0])]
    [InlineData("a\n\nbc\n", false, new[] { "a", "", "bc" })]
    [InlineData("a\nhalf", false, new[] { "a" })]
    [InlineData("a\nhalf", true, new[] { "a", "half" })]
    public async Task Lines_are_what_ends_in_one(string text, bool cuts, string[] lines) =>
        Assert.Equal(lines, await ReadAsync(text, 1000, cuts));

    [Fact]
    public async Task Lines_of_any_length_up_to_the_most_come_whole()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), (i * 7919) % 200_000))];
        Assert.Equal(lines, await ReadAsync(string.Concat(lines.Select(line => line + "\n")), 200_000, cuts: false));
    }

    [Fact]
    public async Task A_longer_one_comes_in_pieces_or_is_an_error()
    {
        var text = new string('x', 1_000_000) + "\ny\n";
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(text, 100_000, cuts: false));
        var pieces = await ReadAsync(text, 100_000, cuts: true);
        Assert.Equal(text.Replace("\n", "", StringComparison.Ordinal), string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 200_000));
    }
}
