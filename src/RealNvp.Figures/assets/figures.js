/* Draws the workbook's figures with plotly.js: in the colours of the page, at the width of the page, one picture per place.
   `window.RealNvpFigures.show(key, figure)` draws a figure into every element with data-figure=key. */
(function () {
  'use strict';
  if (window.RealNvpFigures) return;

  const themes = {
    light: { text: '#24292f', soft: '#57606a', grid: 'rgba(110,119,129,0.18)', line: 'rgba(110,119,129,0.6)', panel: '#f3f4f6', card: '#ffffff' },
    dark: { text: '#e6edf3', soft: '#a9b3be', grid: 'rgba(160,170,180,0.17)', line: 'rgba(160,170,180,0.6)', panel: '#30363d', card: '#1c2128' },
  };

  // plotly.js is on the page already, or the notebook's first output unpacks it and calls `provide`.
  let provide;
  const plotly = new Promise(resolve => { provide = resolve; });
  const drawn = new Set();
  const live = new Map();

  function show(key, figure, attempt = 0) {
    const places = document.querySelectorAll(`[data-figure="${key}"]:not([data-drawn])`);
    // A notebook may run an output's script before it puts the output on the page.
    if (places.length === 0 && attempt < 50) setTimeout(() => show(key, figure, attempt + 1), 100);
    places.forEach(place => {
      place.setAttribute('data-drawn', 'waiting');
      lookForPlotly();
      plotly.then(Plotly => draw(Plotly, place, structuredClone(figure))).catch(error => explain(place, error));
    });
  }

  function lookForPlotly(attempt = 0) {
    if (window.Plotly) provide(window.Plotly);
    else if (attempt < 100) setTimeout(() => lookForPlotly(attempt + 1), 100);
    else document.querySelectorAll('[data-drawn="waiting"]').forEach(place => explain(place, null));
  }

  function explain(place, error) {
    place.setAttribute('data-drawn', 'failed');
    const line = document.createElement('p');
    line.style.cssText = 'padding:0.8em 1em;border-left:3px solid #D55E00;font:14px/1.5 system-ui,sans-serif';
    line.textContent = error
      ? `This figure could not be drawn: ${error.message || error}`
      : 'This figure needs plotly.js, which is not on this page. Run the notebook\'s first cell again.';
    place.prepend(line);
  }

  async function draw(Plotly, place, figure) {
    const title = figure.layout.title && figure.layout.title.text;
    fit(place, figure.layout, title);
    figure.layout.template = themed(figure.layout.template, place);
    paint(figure.data, place);
    const width = place.clientWidth || 700;
    if (width < 520) stack(figure, width);
    if (figure.layout.meta) fitAxes(figure.layout, width);

    // A live figure keeps its drawing when the notebook replaces the output, so that it grows instead of flickering.
    const name = place.getAttribute('data-live');
    const before = name && live.get(name);
    const div = before || document.createElement('div');
    place.replaceChildren(div);
    const call = before ? Plotly.react : Plotly.newPlot;
    await call(div, { data: figure.data, layout: figure.layout, config: figure.config, frames: figure.frames || [] });
    await makeRoomForLegend(Plotly, div);
    if (name) live.set(name, div);
    place.setAttribute('data-drawn', 'yes');
    place.style.minHeight = '';

    const entry = { Plotly, place, div, title, template: figure.layout.template, width: place.clientWidth };
    drawn.add(entry);
    // In the next frame: a figure that changes its height inside of the observer's call would be reported as a loop.
    new ResizeObserver(() => requestAnimationFrame(() => refit(entry))).observe(place);
  }

  // The title is broken into lines that fit, and the margin above the axes grows with them. A chart of the reader's own has no
  // `meta` from us and stays as it is.
  function fit(place, layout, title) {
    if (!layout.meta) return;
    layout.meta.height = layout.meta.height || layout.height || 420;
    const width = place.clientWidth || 700;
    const compact = width < 520;
    if (title) {
      const lines = broken(title, width - (compact ? 20 : 190), compact ? 15 : 17);
      const above = layout.meta.above || 0;
      layout.title.text = `<b>${lines.join('<br>')}</b>`;
      // plotly.js sets a single line's top at the padding, but the baseline of the first of several.
      layout.title.pad = { t: lines.length > 1 ? 24 : 10, l: 10 };
      layout.title.font = { ...(layout.title.font || {}), size: compact ? 15 : 17 };
      layout.margin = { ...(layout.margin || {}), t: 34 + lines.length * (compact ? 19 : 22) + above };
    }
    if (layout.meta.stacked) return;
    const tall = layout.meta.height;
    layout.height = compact ? Math.min(tall, Math.max(320, Math.round(width * 1.05))) : tall;
  }

  // Where the legend needs more lines than one, the axes begin further down.
  async function makeRoomForLegend(Plotly, div) {
    const legend = div.querySelector('.legend .bg');
    const extra = legend ? Math.ceil(legend.getBoundingClientRect().height) - 30 : 0;
    const now = div.layout;
    if (extra <= 6 || !now.meta) return;
    const meta = { ...now.meta, above: now.meta.above + extra, height: now.meta.height + extra, legend: extra };
    await Plotly.relayout(div, { meta, 'margin.t': now.margin.t + extra, height: now.height + extra });
  }

  function broken(title, width, size) {
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `bold ${size}px system-ui, sans-serif`;
    const lines = [];
    let line = '';
    for (const word of title.replaceAll('<br>', ' ').split(' ')) {
      const longer = line ? `${line} ${word}` : word;
      if (line && pen.measureText(longer.replace(/<[^>]*>/g, '')).width > width) { lines.push(line); line = word; } else line = longer;
    }
    lines.push(line);
    return lines;
  }

  // On a phone the panels of a figure stand below each other.
  function stack(figure, width) {
    figure.config = { ...figure.config, displayModeBar: false };
    const layout = figure.layout;
    if (!layout.meta) return;
    dropNumbers(figure.data, width);
    if (layout.sliders) {
      Object.assign(layout.sliders[0], { x: 0.46, len: 0.46 });
      layout.height += 90;
      layout.meta.stacked = true;
    }
    const panels = layout.meta.panels || 1;
    if (panels === 1) return;
    const share = 1 / panels;
    for (let i = 0; i < panels; i++) {
      const suffix = i === 0 ? '' : String(i + 1);
      const top = 1 - i * share;
      layout[`xaxis${suffix}`].domain = [0, 1];
      layout[`yaxis${suffix}`].domain = [top - share + 0.32 * share, top - (i === 0 ? 0 : 0.02)];
      Object.assign(layout.annotations.filter(note => note.yref === 'paper')[i], { x: 0, y: top - (i === 0 ? 0 : 0.02) });
      for (const trace of figure.data)
        if (trace.colorbar && trace.xaxis === `x${suffix}`)
          Object.assign(trace.colorbar, { x: 1.01, y: top - 0.32 * share, len: 0.6 * share, yanchor: 'middle' });
    }
    layout.height = 130 + panels * 340 + (layout.sliders ? 90 : 0);
    layout.meta.stacked = true;
  }

  // Titles of axes are broken into lines that fit beside their axes.
  function fitAxes(layout, width) {
    const margin = layout.margin || {};
    const tall = layout.height - (margin.t || 60) - (margin.b || 56);
    for (const name of Object.keys(layout).filter(key => /^[xy]axis/.test(key))) {
      const title = layout[name].title;
      if (!title || !title.text) continue;
      const [from, to] = layout[name].domain || [0, 1];
      const room = name[0] === 'x' ? (width - 90) * (to - from) : tall * (to - from);
      title.text = broken(title.text, Math.max(room, 120), 14).join('<br>');
    }
  }

  // On a phone numbers that do not fit their cells are left out.
  function dropNumbers(data, width) {
    for (const trace of data)
      if (trace.texttemplate && trace.z && (width - 120) / trace.z[0].length < 30) delete trace.texttemplate;
  }

  async function refit(entry) {
    if (!entry.place.isConnected) { drawn.delete(entry); return; }
    if (entry.place.clientWidth === entry.width || entry.place.clientWidth === 0) return;
    entry.width = entry.place.clientWidth;
    const now = entry.div.layout;
    if (!now.meta) { entry.Plotly.Plots.resize(entry.div); return; }
    // The legend gives back the room that it needed at the width before, and asks for what it needs at this one.
    const room = now.meta.legend || 0;
    const meta = { ...now.meta, above: now.meta.above - room, height: now.meta.height - room, legend: 0 };
    const layout = { title: { ...now.title }, margin: now.margin, meta, height: now.height - room };
    fit(entry.place, layout, entry.title);
    await entry.Plotly.relayout(entry.div, { ...layout, autosize: true });
    await makeRoomForLegend(entry.Plotly, entry.div);
  }

  // On a dark page the darkest of the colours is a lighter blue.
  const blue = { light: '#0072B2', dark: '#4BA3DB' };
  function paint(data, place) {
    const [from, to] = dark(place) ? [blue.light, blue.dark] : [blue.dark, blue.light];
    for (const trace of data)
      for (const part of [trace.marker, trace.line])
        if (part && part.color === from) part.color = to;
        else if (part && Array.isArray(part.color)) part.color = part.color.map(colour => (colour === from ? to : colour));
  }

  function themed(template, place) {
    const colours = dark(place) ? themes.dark : themes.light;
    const copy = structuredClone(template || { layout: {} });
    const axis = { gridcolor: colours.grid, linecolor: colours.line, tickcolor: colours.line, zerolinecolor: colours.line };
    const layout = copy.layout = copy.layout || {};
    layout.font = { ...layout.font, color: colours.soft };
    layout.title = { ...layout.title, font: { ...(layout.title || {}).font, color: colours.text } };
    layout.legend = { ...layout.legend, font: { ...(layout.legend || {}).font, color: colours.text } };
    for (const name of ['xaxis', 'yaxis']) layout[name] = { ...layout[name], ...axis };
    layout.scene = { ...layout.scene };
    for (const name of ['xaxis', 'yaxis', 'zaxis']) layout.scene[name] = { ...layout.scene[name], ...axis };
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: colours.card, bordercolor: colours.line, font: { color: colours.text } };
    layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: colours.soft, activecolor: colours.text };
    layout.sliderdefaults = { bgcolor: colours.panel, bordercolor: colours.line, activebgcolor: colours.line, tickcolor: colours.line, font: { color: colours.soft } };
    layout.updatemenudefaults = { bgcolor: colours.panel, bordercolor: colours.line, font: { color: colours.text } };
    return copy;
  }

  // What the reader sees behind the figure decides, whoever painted it.
  function dark(element) {
    for (let at = element; at; at = at.parentElement) {
      const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g);
      if (parts && parts.length >= 3 && (parts.length < 4 || Number(parts[3]) > 0.5))
        return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128;
    }
    if (document.body.matches('.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light), [data-jp-theme-light="false"]')) return true;
    return document.documentElement.style.colorScheme === 'dark' || getComputedStyle(document.documentElement).colorScheme === 'dark';
  }

  let repainting = 0;
  function repaint() {
    clearTimeout(repainting);
    repainting = setTimeout(() => drawn.forEach(entry => {
      if (!entry.place.isConnected) { drawn.delete(entry); return; }
      entry.template = themed(entry.template, entry.place);
      paint(entry.div.data, entry.place);
      entry.Plotly.react(entry.div, entry.div.data, { ...entry.div.layout, template: entry.template }, entry.div._context);
    }), 60);
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  for (const root of [document.documentElement, document.body || document.documentElement])
    new MutationObserver(repaint).observe(root, { attributes: true, attributeFilter: ['class', 'data-theme', 'data-jp-theme-light', 'data-vscode-theme-kind'] });

  window.RealNvpFigures = { show, provide: library => provide(library), plotly: () => plotly };
})();
