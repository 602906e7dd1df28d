/** The positions of a chart's parts, pixels. */
export type ChartLayout = {
  readonly width: number;
  readonly height: number;
  readonly legendLeft: number;
  readonly panels: readonly PanelPlace[];
};

/** The position of a panel's plot without its title and labels. */
export type PanelPlace = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

const width = 900;
const legendWidth = 255;
/** Margins of a plot, for the title and the axis' name above it, the times below, and the values on its left. */
const around = { top: 46, bottom: 40, left: 62, right: 18 };

/** Lays out the panels: one panel takes the whole width next to the legend, several panels have two columns. */
export function layOut(panelCount: number): ChartLayout {
  const columns = Math.min(panelCount, 2);
  const cellWidth = (width - legendWidth) / columns;
  const plotHeight = panelCount === 1 ? 260 : 130;
  const cellHeight = around.top + plotHeight + around.bottom;
  const panels = Array.from({ length: panelCount }, (_, index) => ({
    left: (index % columns) * cellWidth + around.left,
    top: Math.floor(index / columns) * cellHeight + around.top,
    width: cellWidth - around.left - around.right,
    height: plotHeight,
  }));
  return { width, height: Math.ceil(panelCount / columns) * cellHeight, legendLeft: width - legendWidth + 5, panels };
}
