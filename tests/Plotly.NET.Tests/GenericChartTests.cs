using System.Text.Json;

namespace Plotly.NET.Tests;

public class GenericChartTests
{
    private static Trace Scatter(params (string Name, object? Value)[] properties)
    {
        Trace trace = new("scatter");
        foreach ((string name, object? value) in properties) trace.SetProperty(name, value);
        return trace;
    }

    private static JsonElement Data(Trace trace) =>
        JsonDocument.Parse(GenericChart.toFigureJson(GenericChart.ofTraceObject(false, trace))).RootElement.GetProperty("data")[0];

    [Fact]
    public void FigureJson_has_data_layout_and_frames()
    {
        Layout layout = new();
        layout.SetProperty("title", new Dictionary<string, object> { ["text"] = "A title" });
        GenericChart chart = GenericChart.setLayout(layout, GenericChart.ofTraceObject(false, Scatter(("x", new[] { 1, 2 }))));

        Assert.Equal(
            """{"data":[{"type":"scatter","x":[1,2]}],"layout":{"title":{"text":"A title"}},"frames":[]}""",
            GenericChart.toFigureJson(chart));
    }

    [Fact]
    public void Json_has_data_layout_and_config()
    {
        Config config = new();
        config.SetProperty("responsive", true);
        GenericChart chart = GenericChart.setConfig(config, GenericChart.ofTraceObject(false, Scatter()));
        Assert.Equal("""{"data":[{"type":"scatter"}],"layout":{},"config":{"responsive":true}}""", GenericChart.toJson(chart));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(1e-300)]
    [InlineData(5e-324)]
    [InlineData(-1.7976931348623157e308)]
    [InlineData(9007199254740993.0)]
    public void Numbers_read_back_to_the_same_bits(double number)
    {
        double back = Data(Scatter(("x", new[] { number }))).GetProperty("x")[0].GetDouble();
        Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(back));
    }

    [Fact]
    public void Singles_are_written_with_their_own_shortest_text() =>
        Assert.Equal("[0.1]", Data(Scatter(("x", new[] { 0.1f }))).GetProperty("x").GetRawText());

    [Fact]
    public void Nan_and_infinities_are_null_in_every_kind_of_number()
    {
        Assert.Equal("[null,1,null]", Data(Scatter(("x", new[] { double.NaN, 1, double.PositiveInfinity }))).GetProperty("x").GetRawText());
        Assert.Equal("[null]", Data(Scatter(("x", new[] { float.NegativeInfinity }))).GetProperty("x").GetRawText());
        Assert.Equal("[null,2]", Data(Scatter(("x", new double?[] { null, 2 }))).GetProperty("x").GetRawText());
        Assert.Equal("[[1,null]]", Data(Scatter(("z", new[,] { { 1, double.NaN } }))).GetProperty("z").GetRawText());
    }

    [Fact]
    public void Arrays_of_rank_two_and_three_nest_with_the_first_index_outermost()
    {
        Assert.Equal("[[1,2,3],[4,5,6]]", Data(Scatter(("z", new[,] { { 1, 2, 3 }, { 4, 5, 6 } }))).GetProperty("z").GetRawText());
        Assert.Equal("[[[1],[2]],[[3],[4]]]",
            Data(Scatter(("z", new[, ,] { { { 1 }, { 2 } }, { { 3 }, { 4 } } }))).GetProperty("z").GetRawText());
    }

    [Fact]
    public void Nested_objects_are_dictionaries_dynamic_objects_or_anonymous_types()
    {
        DynamicObj.DynamicObj marker = new();
        marker.SetProperty("size", 4);
        JsonElement trace = Data(Scatter(
            ("marker", marker), ("line", new { width = 2, dash = "dot" }), ("font", new Dictionary<string, object> { ["size"] = 11 })));
        Assert.Equal(4, trace.GetProperty("marker").GetProperty("size").GetInt32());
        Assert.Equal("dot", trace.GetProperty("line").GetProperty("dash").GetString());
        Assert.Equal(11, trace.GetProperty("font").GetProperty("size").GetInt32());
    }

    [Fact]
    public void No_text_can_end_the_script_element()
    {
        GenericChart chart = GenericChart.ofTraceObject(false, Scatter(("name", "</script><script>alert(1)</script>")));
        Assert.DoesNotContain("</script><script>", GenericChart.toChartHTML(chart));
        Assert.DoesNotContain("</script><script>", GenericChart.toEmbeddedHTML(chart));
        Assert.Equal("</script><script>alert(1)</script>", Data(GenericChart.getTraces(chart).Head).GetProperty("name").GetString());
    }

    [Fact]
    public void The_same_chart_is_the_same_html()
    {
        static string Html() => GenericChart.toChartHTML(GenericChart.ofTraceObject(false, Scatter(("x", new[] { 1.5 }))));
        Assert.Equal(Html(), Html());
    }

    [Fact]
    public void Page_refers_to_plotly_as_the_display_options_say()
    {
        static string Page(PlotlyJSReference reference)
        {
            DisplayOptions options = new();
            options.SetProperty("PlotlyJSReference", reference);
            options.SetProperty("DocumentTitle", "A & B");
            return GenericChart.toEmbeddedHTML(GenericChart.setDisplayOptions(options, GenericChart.ofTraceObject(false, Scatter())));
        }

        Assert.Contains("<script src=\"plotly.min.js\"", Page(PlotlyJSReference.NewCDN("plotly.min.js")));
        Assert.DoesNotContain("<script src", Page(PlotlyJSReference.NoReference));
        Assert.Contains("requirejs.config", Page(PlotlyJSReference.NewRequire("plotly.min")));
        Assert.Contains("<title>A &amp; B</title>", Page(PlotlyJSReference.NoReference));
    }

    [Fact]
    public void Combine_keeps_every_trace_and_the_later_layout_wins_where_both_speak()
    {
        static GenericChart Chart(string name, params (string Name, object Value)[] layoutProperties)
        {
            Layout layout = new();
            foreach ((string property, object value) in layoutProperties) layout.SetProperty(property, value);
            return GenericChart.setLayout(layout, GenericChart.ofTraceObject(false, Scatter(("name", name))));
        }

        GenericChart both = GenericChart.combine([
            Chart("a", ("height", 1), ("annotations", new object[] { "first" })),
            Chart("b", ("height", 2), ("width", 3), ("annotations", new object[] { "second" })),
        ]);

        Assert.Equal(2, GenericChart.countTrace(both));
        Layout combined = GenericChart.getLayout(both);
        Assert.Equal(2, combined.TryGetTypedPropertyValue<int>("height").Value);
        Assert.Equal(3, combined.TryGetTypedPropertyValue<int>("width").Value);
        Assert.Equal(["first", "second"], combined.TryGetTypedPropertyValue<object[]>("annotations").Value);
    }

    [Fact]
    public void Defaults_give_a_size_and_a_responsive_config()
    {
        GenericChart chart = GenericChart.ofTraceObject(true, Scatter());
        Assert.Equal(600, GenericChart.getLayout(chart).TryGetTypedPropertyValue<int>("width").Value);
        Assert.True(GenericChart.getConfig(chart).TryGetTypedPropertyValue<bool>("responsive").Value);
    }
}
