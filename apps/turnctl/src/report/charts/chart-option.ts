import type { LineSeriesOption } from 'echarts/charts';
import type {
  GridComponentOption,
  LegendComponentOption,
  MarkAreaComponentOption,
  TitleComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Chart, ChartLine, ChartPanel } from './chart.ts';
import type { ChartLayout, PanelPlace } from './chart-layout.ts';
import type { Palette } from './palette.ts';
import { timeAxisFor, type TimeAxis } from './time-axis.ts';
import { valueAxisFor, type ValueAxis } from './value-axis.ts';

export type ChartOption = ComposeOption<
  GridComponentOption | LegendComponentOption | LineSeriesOption | MarkAreaComponentOption | TitleComponentOption
>;

type Axes = { readonly time: TimeAxis; readonly values: ValueAxis };

/** Converts a chart to an option of ECharts. */
export function chartOption(chart: Chart, palette: Palette, { panels: places, legendLeft }: ChartLayout): ChartOption {
  const axes = { time: timeAxisFor(chart.atSeconds), values: valueAxisFor(chart) };
  const text = { color: palette.text, fontSize: 12 };
  return {
    animation: false,
    backgroundColor: palette.background,
    textStyle: text,
    title: panelTitles(chart.panels, places, palette),
    legend: {
      orient: 'vertical',
      left: legendLeft,
      top: 40,
      itemWidth: 28,
      itemGap: 12,
      textStyle: text,
      selectedMode: false,
    },
    grid: places.map((place) => ({ ...place })),
    xAxis: places.map((_, index) => timeAxisOption(index, chart, axes.time, palette)),
    yAxis: places.map((_, index) => valueAxisOption(index, axes.values, palette)),
    series: chart.panels.flatMap(({ lines }, index) => [
      warmUpSeries(index, chart, axes.time, palette),
      ...lines.map((line) => lineSeries(line, index, chart, axes, palette)),
    ]),
  };
}

function panelTitles(
  panels: readonly ChartPanel[],
  places: readonly PanelPlace[],
  palette: Palette,
): TitleComponentOption[] {
  return panels.map(({ title }, index) => ({
    text: title,
    left: places[index]?.left ?? 0,
    top: (places[index]?.top ?? 0) - 44,
    padding: 0,
    textStyle: { color: palette.text, fontSize: 13, fontWeight: 600 },
  }));
}

function timeAxisOption(gridIndex: number, { atSeconds }: Chart, { name, secondsPerUnit }: TimeAxis, palette: Palette) {
  return {
    gridIndex,
    type: 'value' as const,
    name,
    nameLocation: 'middle' as const,
    nameGap: 24,
    min: 0,
    max: (atSeconds.at(-1) ?? 0) / secondsPerUnit,
    splitLine: { show: false },
    ...axisColours(palette),
    // The end of the axis has a label only if it is a round time.
    axisLabel: { color: palette.text, formatter: (time: number) => (Number.isInteger(time * 10) ? String(time) : '') },
  };
}

function valueAxisOption(gridIndex: number, { name, type, min, max, ticks, label }: ValueAxis, palette: Palette) {
  const customValues = ticks === undefined ? {} : { customValues: [...ticks] };
  return {
    gridIndex,
    type,
    name,
    nameLocation: 'end' as const,
    nameGap: 10,
    min,
    max,
    splitNumber: 4,
    splitLine: { lineStyle: { color: palette.grid } },
    ...axisColours(palette),
    nameTextStyle: { color: palette.text, align: 'left' as const },
    axisTick: { show: false, ...customValues },
    axisLabel: { color: palette.text, formatter: label, ...customValues },
  };
}

function axisColours(palette: Palette) {
  return {
    nameTextStyle: { color: palette.text },
    axisLabel: { color: palette.text },
    axisLine: { lineStyle: { color: palette.grid } },
    axisTick: { lineStyle: { color: palette.grid } },
  };
}

function lineSeries(
  { name, style, values }: ChartLine,
  index: number,
  { atSeconds }: Chart,
  { time, values: axis }: Axes,
  palette: Palette,
): LineSeriesOption {
  const color = palette.lines[style.colour] ?? palette.text;
  return {
    type: 'line',
    name,
    xAxisIndex: index,
    yAxisIndex: index,
    symbol: 'none',
    // The thickest line is the most important one, so it is drawn above the others.
    z: 2 + style.width,
    itemStyle: { color },
    lineStyle: { color, width: style.width, type: style.pattern },
    data: values.map((value, at) => [(atSeconds[at] ?? 0) / time.secondsPerUnit, axis.heightOf(value) ?? '-']),
  };
}

/** Shades the time before the measurement. The series has no name, so the legend does not show it. */
function warmUpSeries(
  index: number,
  { measuredFromSecond, panels }: Chart,
  { secondsPerUnit }: TimeAxis,
  palette: Palette,
): LineSeriesOption {
  return {
    type: 'line',
    xAxisIndex: index,
    yAxisIndex: index,
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: palette.shade },
      // In small panels most curves are high, so a label at the bottom rarely covers a curve.
      label: { color: palette.text, position: panels.length === 1 ? 'insideTop' : 'insideBottom', fontSize: 11 },
      data: [[{ name: 'not measured', xAxis: 0 }, { xAxis: measuredFromSecond / secondsPerUnit }]],
    },
  };
}
