import { BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

const text = '#33373d';
const width = 760;
const rowHeight = 34;

/**
 * Draws one bar per row and returns an `<svg>` element.
 *
 * @param {string} title
 * @param {readonly {name: string, value: number, isOurs: boolean}[]} bars from top to bottom
 * @returns {string}
 */
export function barChart(title, bars) {
  const height = 70 + rowHeight * bars.length;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 12, top: 12, textStyle: { color: text, fontSize: 14 } },
    grid: { left: 260, right: 70, top: 48, bottom: 12 },
    xAxis: { type: 'value', axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLabel: { color: text },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        barWidth: '60%',
        label: { show: true, position: 'right', color: text },
        data: bars.map(({ value, isOurs }) => ({
          value: Math.round(value),
          itemStyle: { color: isOurs ? '#0072b2' : '#767676' },
        })),
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
