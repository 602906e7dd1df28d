import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Chart } from './chart.ts';
import { layOut } from './chart-layout.ts';
import { chartOption } from './chart-option.ts';
import type { Palette } from './palette.ts';

use([LineChart, GridComponent, LegendComponent, MarkAreaComponent, TitleComponent, SVGRenderer]);

/**
 * Draws a chart as one `<svg>` element. The output is deterministic.
 *
 * @param id - unique among the charts of a page; letters, digits and `-`
 */
export function renderChart(chart: Chart, palette: Palette, id: string): string {
  const layout = layOut(chart.panels.length);
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: layout.width, height: layout.height });
  drawing.setOption(chartOption(chart, palette, layout));
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return withoutStyles(svg).replaceAll(/\bzr\d+-/g, `${id}-`);
}

/** Replaces the inline styles of ECharts with one font, and removes its style rules for the mouse pointer. So the page can forbid inline styles. */
function withoutStyles(svg: string): string {
  return svg
    .replaceAll(/<style\b.*?<\/style>/gs, '')
    .replaceAll(/ (?:style|class)="[^"]*"/g, '')
    .replace('<svg ', '<svg font-family="system-ui, sans-serif" font-size="12" ');
}
