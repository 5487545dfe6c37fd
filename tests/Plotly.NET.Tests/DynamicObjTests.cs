namespace Plotly.NET.Tests;

public class DynamicObjTests
{
    [Fact]
    public void A_value_set_by_name_is_found_by_name_and_type()
    {
        Trace trace = new("scatter");
        trace.SetValue("name", "data");
        Assert.Equal("data", trace.TryGetTypedValue<string>("name").Value);
        Assert.Null(trace.TryGetTypedValue<int>("name"));
        Assert.Null(trace.TryGetValue("absent"));
    }

    [Fact]
    public void An_instance_property_is_a_property_too()
    {
        Trace trace = new("scatter");
        Assert.Equal("scatter", trace.TryGetTypedValue<string>("type").Value);
        trace.SetValue("type", "bar");
        Assert.Equal("bar", trace.type);
        Assert.Equal("bar", Assert.Single(trace.GetProperties(true)).Value);
    }

    [Fact]
    public void Removed_is_gone()
    {
        Layout layout = new();
        layout.SetValue("height", 3);
        Assert.True(layout.Remove("height"));
        Assert.False(layout.Remove("height"));
        Assert.Empty(layout.GetProperties(true));
    }

    [Fact]
    public void Members_are_reachable_through_dynamic()
    {
        dynamic layout = new Layout();
        layout.height = 7;
        Assert.Equal(7, layout.height);
    }

    [Fact]
    public void Combine_merges_object_into_object()
    {
        static Layout Titled(string name, object value)
        {
            Layout title = new();
            title.SetValue(name, value);
            Layout layout = new();
            layout.SetValue("title", title);
            return layout;
        }

        Layout combined = Layout.combine(Titled("text", "A"), Titled("x", 0.5));
        DynamicObj.DynamicObj title = combined.TryGetTypedValue<DynamicObj.DynamicObj>("title").Value;
        Assert.Equal("A", title.TryGetTypedValue<string>("text").Value);
        Assert.Equal(0.5, title.TryGetTypedValue<double>("x").Value);
    }
}
