using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Plotly.NET.Html;
using Plotly.NET.Json;

namespace Plotly.NET;

/// <summary>A chart: one trace or several, a layout, a config and display options. Every function returns a new chart.</summary>
public abstract class GenericChart
{
    private GenericChart(Layout layout, Config config, DisplayOptions displayOpts) =>
        (this.layout, this.config, this.displayOpts) = (layout, config, displayOpts);

    public Layout layout { get; }
    public Config config { get; }
    public DisplayOptions displayOpts { get; }

    public bool IsChart => this is Chart;
    public bool IsMultiChart => this is MultiChart;

    public static GenericChart NewChart(Trace data, Layout layout, Config config, DisplayOptions displayOpts) =>
        new Chart(data, layout, config, displayOpts);

    public static GenericChart NewMultiChart(FSharpList<Trace> data, Layout layout, Config config, DisplayOptions displayOpts) =>
        new MultiChart(data, layout, config, displayOpts);

    /// <summary>A chart of one trace; with <paramref name="useDefaults"/> it starts from <see cref="Defaults"/>, else from nothing.</summary>
    public static GenericChart ofTraceObject(bool useDefaults, Trace trace) => ofTraceObjects(useDefaults, new[] { trace });

    /// <summary>A chart of several traces; with <paramref name="useDefaults"/> it starts from <see cref="Defaults"/>, else from nothing.</summary>
    public static GenericChart ofTraceObjects<a>(bool useDefaults, a traces) where a : IEnumerable<Trace>
    {
        if (!useDefaults) return Of(ListModule.OfSeq(traces), new Layout(), new Config(), DisplayOptions.initCDNOnly());
        Layout layout = new();
        layout.SetProperty("width", Defaults.DefaultWidth);
        layout.SetProperty("height", Defaults.DefaultHeight);
        Config config = new();
        Defaults.DefaultConfig.ShallowCopyDynamicPropertiesTo(config);
        DisplayOptions options = new();
        Defaults.DefaultDisplayOptions.ShallowCopyDynamicPropertiesTo(options);
        return Of(ListModule.OfSeq(traces), layout, config, options);
    }

    public static FSharpList<Trace> getTraces(GenericChart gChart) => gChart switch
    {
        Chart one => ListModule.OfSeq([one.data]),
        MultiChart several => several.data,
        _ => throw new ArgumentException($"Expected a chart; given {gChart?.GetType().Name ?? "null"}.", nameof(gChart)),
    };

    public static Layout getLayout(GenericChart gChart) => gChart.layout;
    public static Config getConfig(GenericChart gChart) => gChart.config;
    public static DisplayOptions getDisplayOptions(GenericChart gChart) => gChart.displayOpts;

    public static GenericChart setLayout(Layout layout, GenericChart gChart) => gChart.With(layout: layout);
    public static GenericChart setConfig(Config config, GenericChart gChart) => gChart.With(config: config);
    public static GenericChart setDisplayOptions(DisplayOptions displayOpts, GenericChart gChart) => gChart.With(displayOpts: displayOpts);

    /// <summary>Merges <paramref name="layout"/> into the chart's layout.</summary>
    public static GenericChart addLayout(Layout layout, GenericChart gChart) =>
        gChart.With(layout: Layout.combine(gChart.layout, layout));

    /// <summary>Merges <paramref name="config"/> into the chart's config.</summary>
    public static GenericChart addConfig(Config config, GenericChart gChart) =>
        gChart.With(config: Config.combine(gChart.config, config));

    /// <summary>Merges <paramref name="displayOpts"/> into the chart's display options.</summary>
    public static GenericChart addDisplayOptions(DisplayOptions displayOpts, GenericChart gChart) =>
        gChart.With(displayOpts: DisplayOptions.combine(gChart.displayOpts, displayOpts));

    public static GenericChart mapTrace(FSharpFunc<Trace, Trace> f, GenericChart gChart) =>
        Of(ListModule.OfSeq(getTraces(gChart).Select(f.Invoke)), gChart.layout, gChart.config, gChart.displayOpts);

    public static GenericChart mapLayout(FSharpFunc<Layout, Layout> f, GenericChart gChart) => setLayout(f.Invoke(gChart.layout), gChart);

    public static GenericChart mapConfig(FSharpFunc<Config, Config> f, GenericChart gChart) => setConfig(f.Invoke(gChart.config), gChart);

    public static int countTrace(GenericChart gChart) => getTraces(gChart).Length;

    public static bool existsTrace(FSharpFunc<Trace, bool> predicate, GenericChart gChart) => getTraces(gChart).Any(predicate.Invoke);

    /// <summary>One chart with the traces of all; where layouts, configs or options disagree the later chart wins.</summary>
    /// <exception cref="ArgumentException">There is no chart.</exception>
    public static GenericChart combine(IEnumerable<GenericChart> gCharts)
    {
        GenericChart[] charts = [.. gCharts];
        if (charts.Length == 0) throw new ArgumentException("The input sequence was empty.", nameof(gCharts));
        return charts.Aggregate((first, second) => new MultiChart(
            ListModule.OfSeq(getTraces(first).Concat(getTraces(second))),
            Layout.combine(first.layout, second.layout),
            Config.combine(first.config, second.config),
            DisplayOptions.combine(first.displayOpts, second.displayOpts)));
    }

    public static Figure toFigure(GenericChart gChart) => Figure.create(getTraces(gChart), gChart.layout);

    public static GenericChart fromFigure(Figure fig) =>
        Of(fig.Data, fig.Layout, Defaults.DefaultConfig, Defaults.DefaultDisplayOptions);

    public static ChartDTO toChartDTO(GenericChart gChart) => ChartDTO.create(getTraces(gChart), gChart.layout, gChart.config);

    public static GenericChart fromChartDTO(ChartDTO dto) => Of(dto.Data, dto.Layout, dto.Config, Defaults.DefaultDisplayOptions);

    /// <summary>{"data": [...], "layout": {...}, "frames": []}</summary>
    public static string toFigureJson(GenericChart gChart) =>
        PlotlyJson.Object(("data", getTraces(gChart)), ("layout", gChart.layout), ("frames", Array.Empty<Frame>()));

    /// <summary>{"data": [...], "layout": {...}, "config": {...}}</summary>
    public static string toJson(GenericChart gChart) =>
        PlotlyJson.Object(("data", getTraces(gChart)), ("layout", gChart.layout), ("config", gChart.config));

    /// <summary>A div and the script that draws into it; the page must have plotly.js.</summary>
    public static string toChartHTML(GenericChart gChart) => ChartHtml.Fragment(gChart);

    /// <summary>A whole page.</summary>
    public static string toEmbeddedHTML(GenericChart gChart) => ChartHtml.Page(gChart);

    private static GenericChart Of(FSharpList<Trace> traces, Layout layout, Config config, DisplayOptions displayOpts) =>
        traces.Length == 1 ? new Chart(traces.Head, layout, config, displayOpts) : new MultiChart(traces, layout, config, displayOpts);

    private GenericChart With(Layout? layout = null, Config? config = null, DisplayOptions? displayOpts = null) =>
        Of(getTraces(this), layout ?? this.layout, config ?? this.config, displayOpts ?? this.displayOpts);

    public sealed class Chart : GenericChart
    {
        internal Chart(Trace data, Layout layout, Config config, DisplayOptions displayOpts)
            : base(layout, config, displayOpts) => this.data = data;

        public Trace data { get; }
    }

    public sealed class MultiChart : GenericChart
    {
        internal MultiChart(FSharpList<Trace> data, Layout layout, Config config, DisplayOptions displayOpts)
            : base(layout, config, displayOpts) => this.data = data;

        public FSharpList<Trace> data { get; }
    }
}
