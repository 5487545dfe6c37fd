namespace Plotly.NET;

/// <summary>Everything of a chart that belongs to no single trace: title, axes, legend, annotations.</summary>
public class Layout : DynamicObj.DynamicObj
{
    /// <summary>Merges <paramref name="second"/> into <paramref name="first"/>; lists of annotations, shapes, selections, images,
    /// sliders, hidden labels and menus are joined.</summary>
    public static Layout combine(Layout first, Layout second) => Combining.Merge(
        first, second, ["annotations", "shapes", "selections", "images", "sliders", "hiddenlabels", "updatemenus"]);
}
