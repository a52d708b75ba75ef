// Draws the figures of a descent report. The page holds them as data (#figures); this turns each into what Plotly draws.
'use strict';
(() => {
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const seriesColor = (index) => color('series-' + (index % 6 + 1));
  const short = (value) => value === null ? 'no value' : Number(value.toPrecision(6)).toString();
  // Plotly reads a little HTML in texts: names from data must not become markup.
  const plain = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const cut = (text) => text.length > 28 ? text.slice(0, 27) + '\u2026' : text;

  const config = {
    displaylogo: false, responsive: true, showLink: false, showSendToCloud: false, plotlyServerURL: '', sendData: false,
    modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d', 'toggleSpikelines'],
    toImageButtonOptions: {format: 'svg', filename: 'descent'},
  };

  // Plotly sets powers of ten a quarter larger than it is told.
  const tickSize = (axis) => axis.log ? 10 : 12;

  function axis(data) {
    const result = {
      title: {text: plain(data.label), font: {size: 13, color: color('soft')}, standoff: 10},
      gridcolor: color('grid'), linecolor: color('line'), zerolinecolor: color('line'), zerolinewidth: 1,
      tickfont: {size: tickSize(data), color: color('soft')}, ticks: '', showline: true, automargin: true,
      exponentformat: 'power', type: data.log ? 'log' : 'linear', nticks: 8,
    };
    if (data.range) result.range = data.log ? data.range.map(Math.log10) : data.range;
    return result;
  }

  // Categories are drawn at 0, 1, 2, ... and named by tick labels: equal names stay apart.
  function categoryAxis(data) {
    return Object.assign(axis(data), {
      type: 'linear', tickmode: 'array', tickvals: data.categories.map((_, index) => index), nticks: 0,
      ticktext: data.categories.map((name) => plain(cut(name))), tickfont: {size: 12, color: color('ink')},
      zeroline: false, showgrid: false,
    });
  }

  function layout(height, x, y) {
    return {
      height, xaxis: x, yaxis: y, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      font: {family: getComputedStyle(document.body).fontFamily, size: 13, color: color('ink')},
      margin: {l: 56, r: 16, t: 30, b: 44},
      showlegend: true, legend: {orientation: 'h', x: 0, xanchor: 'left', y: 1.01, yanchor: 'bottom', font: {size: 12.5, color: color('ink')}},
      hoverlabel: {bgcolor: color('card'), bordercolor: color('line'), font: {size: 12.5, color: color('ink')}, namelength: -1},
      modebar: {bgcolor: 'rgba(0,0,0,0)', color: color('line'), activecolor: color('soft')}, dragmode: 'zoom',
    };
  }

  function lines(figure) {
    const bars = figure.series.some((one) => one.style === 'bars');
    if (bars) return barChart(figure);
    let drawn = 0;
    const traces = figure.series.map((one) => {
      const dashes = one.style === 'dashes', points = one.style === 'points';
      const ink = dashes ? color('soft') : seriesColor(drawn++);
      const many = points && one.x.length > 400;
      return {
        type: 'scatter', name: plain(one.name), x: one.x, y: one.y, mode: points ? 'markers' : 'lines', connectgaps: false,
        line: {color: ink, width: dashes ? 1.4 : 2, dash: dashes ? '5px,4px' : 'solid'},
        marker: {color: ink, size: many ? 5 : 7, opacity: many ? 0.45 : 0.7},
        hovertemplate: plain(figure.x.label) + ' %{x:,.6~g}<br>' + plain(figure.y.label) + ' %{y:,.6~g}',
      };
    });
    const result = layout(420, axis(figure.x), axis(figure.y));
    result.showlegend = traces.length > 1;
    return {traces, layout: result};
  }

  function barChart(figure) {
    const categories = figure.horizontal ? figure.y.categories : figure.x.categories;
    const places = categories.map((_, index) => index);
    const traces = figure.series.map((one, index) => ({
      type: 'bar', name: plain(one.name), orientation: figure.horizontal ? 'h' : 'v',
      x: figure.horizontal ? one.y : places, y: figure.horizontal ? places : one.y,
      marker: {color: seriesColor(index)}, customdata: categories.map(plain), cliponaxis: false,
      hovertemplate: '%{customdata} %{' + (figure.horizontal ? 'x' : 'y') + ':,.6~g}<extra>' + (figure.series.length > 1 ? plain(one.name) : '') + '</extra>',
    }));
    const value = Object.assign(axis(figure.horizontal ? figure.x : figure.y), {zerolinecolor: color('soft')});
    const names = categoryAxis(figure.horizontal ? figure.y : figure.x);
    if (figure.horizontal) names.range = [categories.length - 0.5, -0.5];
    const rowHeight = figure.series.length > 1 ? 14 * figure.series.length + 10 : 26;
    const height = figure.horizontal ? Math.max(150, 96 + rowHeight * categories.length) : 420;
    const result = layout(height, figure.horizontal ? value : names, figure.horizontal ? names : value);
    result.bargap = 0.3;
    result.showlegend = traces.length > 1;
    return {traces, layout: result};
  }

  function heatMap(figure) {
    const columns = figure.x.categories, rows = figure.y.categories;
    const places = (names) => names.map((_, index) => index);
    const hover = rows.map((row, i) => columns.map((column, j) =>
      plain(figure.y.label + ' ' + row + ', ' + figure.x.label + ' ' + column) + ': ' + short(figure.values[i][j])));
    const traces = [{
      type: 'heatmap', x: places(columns), y: places(rows), z: figure.shades, zmin: 0, zmax: 1, showscale: false, xgap: 2, ygap: 2,
      colorscale: [[0, color('neutral-wash')], [1, color('series-1')]], hoverinfo: 'text', hovertext: hover,
    }];
    const size = Math.max(columns.length, rows.length);
    const result = layout(Math.min(640, 130 + Math.max(52, 100 - 12 * size) * rows.length),
      categoryAxis(figure.x), categoryAxis(figure.y));
    Object.assign(result.xaxis, {side: 'bottom', range: [-0.5, columns.length - 0.5], showline: false, constrain: 'domain'});
    Object.assign(result.yaxis, {range: [rows.length - 0.5, -0.5], showline: false});
    if (size <= 20) {
      result.annotations = rows.flatMap((_, i) => columns.map((__, j) => ({
        x: j, y: i, text: short(figure.values[i][j]), showarrow: false,
        font: {size: 14, color: figure.shades[i][j] > 0.5 ? color('card') : color('ink')},
      })));
    }
    result.showlegend = false;
    return {traces, layout: result};
  }

  function contour(figure) {
    const ticks = figure.levels.filter((_, index) => index % Math.ceil(figure.levels.length / 8) === 0);
    const scale = (value) => figure.level_base === null ? value : Math.log10(Math.max(value - figure.level_base, 1e-300));
    const last = figure.levels.length - 1;
    const first = scale(figure.levels[0]), end = scale(figure.levels[last]);
    const traces = [{
      type: 'contour', x: figure.grid_x, y: figure.grid_y, z: figure.scaled, showlegend: false, hoverongaps: false,
      autocontour: false, contours: {coloring: 'fill', showlines: true, start: first, end, size: (end - first) / last},
      line: {width: 0.7, color: color('contour-line'), smoothing: 0.6},
      colorscale: [[0, color('low')], [0.5, color('middle')], [1, color('high')]],
      colorbar: {
        title: {text: plain(figure.value_label), side: 'right', font: {size: 12.5, color: color('soft')}}, thickness: 12, outlinewidth: 0,
        tickvals: ticks.map(scale), ticktext: ticks.map((value) => short(Number(value.toPrecision(3)))), tickfont: {size: 11.5, color: color('soft')},
      },
      text: figure.scaled.map((row) => row.map((value) =>
        value === null ? 'no value' : short(figure.level_base === null ? value : figure.level_base + 10 ** value))),
      hovertemplate: plain(figure.x.label) + ' %{x:.5~g}<br>' + plain(figure.y.label) + ' %{y:.5~g}<br>' + plain(figure.value_label) + ' %{text}<extra></extra>',
    }];
    const moving = [];
    figure.paths.forEach((path, index) => {
      const ink = index === 0 ? color('path') : seriesColor(index + 1);
      const hover = 'step %{customdata[0]:,}<br>' + plain(figure.x.label) + ' %{x:.6~g}<br>' + plain(figure.y.label) +
        ' %{y:.6~g}<br>' + plain(figure.value_label) + ' %{customdata[1]}<extra>' + plain(path.name) + '</extra>';
      const detail = path.steps.map((step, k) => [step, short(path.value[k])]);
      traces.push({type: 'scatter', mode: 'lines', x: path.x, y: path.y, line: {color: ink, width: 1}, opacity: 0.4, hoverinfo: 'skip', showlegend: false});
      traces.push({type: 'scatter', mode: 'markers', name: 'start', x: path.x.slice(0, 1), y: path.y.slice(0, 1), showlegend: index === 0,
        marker: {color: color('card'), size: 10, line: {color: ink, width: 2}}, hoverinfo: 'name'});
      moving.push({trace: traces.length, path, detail});
      traces.push({type: 'scatter', mode: path.x.length > 150 ? 'lines' : 'lines+markers', name: plain(path.name), x: path.x, y: path.y,
        line: {color: ink, width: 2.2}, marker: {color: ink, size: 5}, customdata: detail, hovertemplate: hover});
      traces.push({type: 'scatter', mode: 'markers', name: 'current step', x: path.x.slice(-1), y: path.y.slice(-1), showlegend: index === 0,
        marker: {color: ink, size: 11, line: {color: color('card'), width: 1.5}}, hoverinfo: 'skip'});
    });
    if (figure.markers.length > 0) {
      traces.push({type: 'scatter', mode: 'markers', name: plain(figure.markers[0].name), x: figure.markers.map((one) => one.x), y: figure.markers.map((one) => one.y),
        marker: {symbol: 'star', size: 15, color: color('card'), line: {color: color('ink'), width: 1.4}},
        text: figure.markers.map((one) => plain(one.name)), hovertemplate: '%{text}<br>(%{x:.6~g}, %{y:.6~g})<extra></extra>'});
    }
    const result = layout(560, axis(figure.x), axis(figure.y));
    for (const one of [result.xaxis, result.yaxis]) Object.assign(one, {showgrid: false, zeroline: false, constrain: 'domain'});
    if (figure.equal_scale) Object.assign(result.yaxis, {scaleanchor: 'x', scaleratio: 1});
    return {traces, layout: result, moving};
  }

  const makers = {figure: lines, contour, heat_map: heatMap};
  const draw = (figure) => makers[figure.kind](figure);

  // The slider shows the path up to a step. Whole arrays are given to restyle, which draws the level lines again too.
  function addSteps(element, plot, figure, make) {
    const box = element.querySelector('.steps');
    const longest = figure.paths.reduce((most, path) => Math.max(most, path.x.length), 0);
    if (!box || longest < 2) return () => {};
    const [button, slider, output] = ['button', 'input', 'output'].map((name) => box.querySelector(name));
    slider.max = longest - 1;
    slider.value = longest - 1;
    box.hidden = false;
    let timer = 0, busy = false, again = false;
    async function show() {
      if (busy) { again = true; return; }
      busy = true;
      const at = Number(slider.value);
      const x = [], y = [], indices = [], said = [];
      for (const {trace, path, detail} of make().moving) {
        const k = Math.min(at, path.x.length - 1);
        x.push(path.x.slice(0, k + 1), [path.x[k]]);
        y.push(path.y.slice(0, k + 1), [path.y[k]]);
        indices.push(trace, trace + 1);
        said.push('step ' + path.steps[k].toLocaleString('en') + ': ' + figure.x.label + ' = ' + short(path.x[k]) + ', ' + figure.y.label + ' = ' +
          short(path.y[k]) + ', ' + figure.value_label + ' = ' + detail[k][1]);
      }
      output.textContent = said.join('; ');
      slider.setAttribute('aria-valuetext', said.join('; '));
      await Plotly.restyle(plot, {x, y}, indices);
      busy = false;
      if (again) { again = false; show(); }
    }
    function stop() {
      clearInterval(timer);
      timer = 0;
      button.textContent = 'Play';
    }
    slider.addEventListener('input', () => { stop(); show(); });
    button.addEventListener('click', () => {
      if (timer) { stop(); return; }
      if (Number(slider.value) >= longest - 1) slider.value = 0;
      const stride = Math.max(1, Math.round(longest / 160));
      button.textContent = 'Pause';
      timer = setInterval(() => {
        slider.value = Math.min(Number(slider.value) + stride, longest - 1);
        show();
        if (Number(slider.value) >= longest - 1) stop();
      }, 60);
    });
    return show;
  }

  function addSwitch(element, plot, figure) {
    const label = element.querySelector('.switch');
    if (!label || figure.kind !== 'figure' || !figure.y.log_switch) return;
    const box = label.querySelector('input');
    box.checked = figure.y.log;
    label.hidden = false;
    box.addEventListener('change', () => {
      figure.y.log = box.checked;
      Plotly.relayout(plot, {'yaxis.type': box.checked ? 'log' : 'linear', 'yaxis.tickfont.size': tickSize(figure.y), 'yaxis.autorange': true});
    });
  }

  figures.forEach(async (figure, index) => {
    const element = document.getElementById('figure-' + (index + 1));
    const plot = element.querySelector('.plot');
    let made = draw(figure);
    await Plotly.newPlot(plot, made.traces, made.layout, config);
    addSwitch(element, plot, figure);
    const show = figure.kind === 'contour' ? addSteps(element, plot, figure, () => made) : () => {};
    show();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', async () => {
      made = draw(figure);
      await Plotly.react(plot, made.traces, made.layout, config);
      show();
    });
    plot.dataset.drawn = 'yes';
  });
})();
