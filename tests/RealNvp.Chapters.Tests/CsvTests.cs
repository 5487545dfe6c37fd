using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

/// <summary>Tables as other people's programs write them.</summary>
public sealed class CsvTests
{
    [Theory]
    [InlineData("pandas", ",a,b\n0,1.5,2\n1,3,4\n")]
    [InlineData("pandas, written twice", "Unnamed: 0,a,b\n0,1.5,2\n1,3,4\n")]
    [InlineData("pandas with labels", ",a,b\nx,1.5,2\n\"y, z\",3,4\n")]
    [InlineData("pandas with dates", ",a,b\n2024-01-01,1.5,2\n2024-01-02,3,4\n")]
    [InlineData("R's write.csv", "\"\",\"a\",\"b\"\n\"1\",1.5,2\n\"2\",3,4\n")]
    [InlineData("R's write.table", "\"a\",\"b\"\n\"1\",1.5,2\n\"2\",3,4\n")]
    [InlineData("R's write.table of named rows", "\"a\";\"b\"\n\"Mazda RX4\";1.5;2\n\"Fiat\";3;4\n")]
    [InlineData("a spreadsheet", "a;b\r\n1.5;2\r\n3;4\r\n\r\n")]
    [InlineData("tabs", "a\tb\n1.5\t2\n3\t4")]
    [InlineData("lines of blanks at the end", "a,b\n1.5,2\n3,4\n\n   \n\n")]
    [InlineData("blank lines first", "\n\na,b\n1.5,2\n3,4\n")]
    [InlineData("spaces", "a, b\n 1.5 , 2\n3,\t4\n")]
    [InlineData("quotes", "\"a\",\"b\"\n\"1.5\",\"2\"\n\"3\",\"4\"\n")]
    [InlineData("scientific", "a,b\n15e-1,+2\n3.0E0,4.\n")]
    public void One_table_however_it_was_written(string program, string text)
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode })
        {
            var table = Read(text, encoding);
            Assert.True(table.Columns.SequenceEqual(["a", "b"]), $"{program}: {string.Join("|", table.Columns)}");
            Assert.Equal([1.5, 2, 3, 4], table.Rows.SelectMany(row => row));
            Assert.Equal(program.Contains("pandas") || program.Contains("R's"), table.RowNames is not null);
        }
    }

    [Fact]
    public void Names_of_rows_are_kept_and_names_of_columns_may_hold_what_separates_cells()
    {
        Assert.Equal(["x", "y, z"], Read(",a\nx,1\n\"y, z\",2\n").RowNames!);
        Assert.Equal(["length, mm", "a;b"], Read("\"length, mm\",\"a;b\"\n1,2\n").Columns);
        Assert.Equal(["0", "1"], Read(",0,1\n0,1.5,2\n").Columns);
        Assert.Null(Read("index,a\n0,1\n").RowNames);
    }

    [Theory]
    [InlineData("a;b\n1,5;2\n", "line 2, column 1 (a): expected a number, but found \"1,5\"; the decimal mark is a point: "
        + "write 1.5")]
    [InlineData("a,b\n\"1,5\",2\n", "line 2, column 1 (a)")]
    [InlineData("a,b\n1,5,2,7\n", "line 2: expected 2 cells (a, b), but found 4; if commas are decimal marks")]
    [InlineData("a,b\n1,2\n3,4,5\n", "line 3: expected 2 cells (a, b), but found 3")]
    [InlineData("a,b\n1.5,2,3\n", "line 2: expected 2 cells (a, b), but found 3")]
    [InlineData(",a,b\n0,1,2\n1,3\n", "line 3: expected 2 cells (a, b) after the row's name, but found 1")]
    [InlineData("a,b\n1,NA\n", "line 2, column 2 (b): expected a number, but found \"NA\"")]
    [InlineData("a,b\n1,\n", "line 2, column 2 (b): expected a number, but found \"\"; fill in what is missing")]
    [InlineData("a,b\n1,1e400\n", "line 2, column 2 (b): expected a number, but found \"1e400\", which is beyond the largest "
        + "float64")]
    [InlineData("a,b\n1,inf\n", "line 2, column 2 (b)")]
    [InlineData("a,,c\n1,2,3\n", "line 1, column 2: expected a column's name")]
    [InlineData(",a\nx,word\n", "line 2, column 2 (a): expected a number, but found \"word\"")]
    [InlineData("0,1\n2,3\n", "expected the columns' names, but found numbers (0,1)")]
    [InlineData("a,b\r\n1,2\r\n\"3\r\n4\",5\r\n", "line 3")]
    public void What_is_no_table_is_refused_with_line_and_column(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => Read(text)).Message);

    [Fact]
    public void A_number_beyond_float32_is_refused_where_it_stands()
    {
        using var scope = NewDisposeScope();
        var table = Read("a,b\n1,2\n\n3,1e39\n");
        var message = Assert.Throws<FormatException>(() => table.ToTensor()).Message;
        Assert.True(message.Contains("line 4, column b: 1e+39 is beyond the largest Float32"), message);
        Assert.Equal(1e39, table.ToTensor(float64)[1, 1].ToDouble());
    }

    [Fact]
    public void A_column_whose_digits_float32_loses_is_named()
    {
        using var scope = NewDisposeScope();
        var table = Read("x,time\n" + string.Concat(Enumerable.Range(0, 50).Select(k => $"{k},{1700000000 + k}\n")));
        Assert.Contains("column time", Assert.Throws<FormatException>(() => table.ToTensor()).Message);
        Assert.Equal(1700000049, table.ToTensor(float64)[49, 1].ToDouble());
        Assert.Equal([2, 1], Read("constant\n0.1\n0.1\n").ToTensor().shape);
    }

    [Fact]
    public void Columns_of_words_become_numbers_in_ordinal_order_with_their_names()
    {
        const string text = "kind,a,place\nGentoo,1,x\n\"Adelie, small\",2,y\nGentoo,3,x\n10,4,x\n";
        var table = Read(text, categories: ["place", "kind"]);
        Assert.Equal(["10", "Adelie, small", "Gentoo"], table.Categories["kind"]);
        Assert.Equal(["x", "y"], table.Categories["place"]);
        Assert.Equal([2, 1, 0, 1, 2, 1, 2, 3, 0, 0, 4, 0], table.Rows.SelectMany(row => row));
        Assert.Empty(Read("a\n1\n").Categories);
        Assert.Contains("line 2, column 2 (kind): expected a category, but found \"\"; fill in",
            Assert.Throws<FormatException>(() => Read("a,kind\n1,\n", categories: ["kind"])).Message);
        var wrong = Assert.Throws<ArgumentException>(() => Read(text, categories: ["sort"]));
        Assert.Equal("categories", wrong.ParamName);
        Assert.Contains("\"sort\"", wrong.Message);
        Assert.Contains("kind, a, place", wrong.Message);
    }

    private static Csv Read(string text, Encoding? encoding = null, IReadOnlyList<string>? categories = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["table.csv"], text, encoding ?? new UTF8Encoding(false));
        return Csv.Read(folder["table.csv"], categories);
    }
}
