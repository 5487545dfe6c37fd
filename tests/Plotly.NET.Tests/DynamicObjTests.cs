namespace Plotly.NET.Tests;

public class DynamicObjTests
{
    [Fact]
    public void A_value_set_by_name_is_found_by_name_and_type()
    {
        Trace trace = new("scatter");
        trace.SetProperty("name", "data");
        Assert.Equal("data", trace.TryGetTypedPropertyValue<string>("name").Value);
        Assert.Null(trace.TryGetTypedPropertyValue<int>("name"));
        Assert.Null(trace.TryGetPropertyValue("absent"));
    }

    [Fact]
    public void An_instance_property_is_a_property_too()
    {
        Trace trace = new("scatter");
        Assert.Equal("scatter", trace.TryGetTypedPropertyValue<string>("type").Value);
        trace.SetProperty("type", "bar");
        Assert.Equal("bar", trace.type);
        Assert.Equal("bar", Assert.Single(trace.GetProperties(true)).Value);
    }

    [Fact]
    public void Removed_is_gone()
    {
        Layout layout = new();
        layout.SetProperty("height", 3);
        Assert.True(layout.RemoveProperty("height"));
        Assert.False(layout.RemoveProperty("height"));
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
            title.SetProperty(name, value);
            Layout layout = new();
            layout.SetProperty("title", title);
            return layout;
        }

        Layout combined = Layout.combine(Titled("text", "A"), Titled("x", 0.5));
        DynamicObj.DynamicObj title = combined.TryGetTypedPropertyValue<DynamicObj.DynamicObj>("title").Value;
        Assert.Equal("A", title.TryGetTypedPropertyValue<string>("text").Value);
        Assert.Equal(0.5, title.TryGetTypedPropertyValue<double>("x").Value);
    }
}
