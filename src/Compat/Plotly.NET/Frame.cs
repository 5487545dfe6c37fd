namespace Plotly.NET;

/// <summary>A frame of an animation.</summary>
public class Frame : DynamicObj.DynamicObj;
