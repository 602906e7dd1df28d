import type { SimulationResult } from '@turn-router/simulator';
import { layOut } from '../charts/chart-layout.ts';
import type { Chart } from '../charts/chart.ts';
import { chartsOfResult } from '../charts/charts-of-result.ts';
import { lightPalette } from '../charts/palette.ts';
import { renderChart } from '../charts/render-chart.ts';

/** One picture of the document: a chart, or two charts that belong together. */
export type Picture = {
  readonly fileName: string;
  readonly title: string;
  readonly explanation: string;
  readonly charts: readonly Chart[];
};

/** The charts of the cost and the benefit of spillover. */
const costAndGain = ['added-distance', 'overloaded-calls'];

export function picturesOf(result: SimulationResult): readonly Picture[] {
  const charts = chartsOfResult(result);
  const together = charts.filter(({ name }) => costAndGain.includes(name));
  if (together.length < costAndGain.length) return charts.map((chart) => pictureOf(result, [chart], chart.title));
  return [
    ...charts.filter((chart) => !together.includes(chart)).map((chart) => pictureOf(result, [chart], chart.title)),
    pictureOf(result, together, 'Cost and benefit of spillover'),
  ];
}

function pictureOf({ scenario }: SimulationResult, charts: readonly Chart[], title: string): Picture {
  return {
    fileName: `${[scenario.name, ...charts.map(({ name }) => name)].join('-')}.svg`,
    title,
    explanation: charts.map(({ explanation }) => explanation).join(' '),
    charts,
  };
}

/** Height of the title above each chart of a picture with several charts, pixels. */
const titleHeight = 30;

/** Draws the charts as one `<svg>` element. Several charts are drawn below each other with titles. */
export function drawPicture({ charts }: Picture): string {
  const [only] = charts;
  if (only !== undefined && charts.length === 1) return renderChart(only, lightPalette, only.name);
  let top = 0;
  const drawn = charts.map((chart) => {
    const title = `<text x="16" y="${top + 20}" font-family="system-ui, sans-serif" font-size="15">${chart.title}</text>`;
    const svg = renderChart(chart, lightPalette, chart.name).replace('<svg ', `<svg y="${top + titleHeight}" `);
    top += titleHeight + layOut(chart.panels.length).height;
    return title + svg;
  });
  const { width } = layOut(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}">`,
    `<rect width="${width}" height="${top}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
  ].join('');
}
