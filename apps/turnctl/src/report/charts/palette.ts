/** The colours of a chart, as CSS colours. */
export type Palette = {
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  /** The background of the time that was not measured. */
  readonly shade: string;
  readonly lines: readonly string[];
};

/** Based on the eight colours of Okabe and Ito for colour-blind readers. Yellow and black have too little contrast; violet and grey replace them. */
export const lightPalette: Palette = {
  background: '#ffffff',
  text: '#33373d',
  grid: '#e3e6ea',
  shade: '#f1f3f5',
  lines: ['#0072b2', '#d55e00', '#cc79a7', '#c98a00', '#56b4e9', '#009e73', '#6a51a3', '#767676'],
};

/** The same hues, light enough for a dark background. */
export const darkPalette: Palette = {
  background: '#15181c',
  text: '#d4d8dd',
  grid: '#30363d',
  shade: '#1e2227',
  lines: ['#4ea8f0', '#ff8a4c', '#e79bc8', '#f0b840', '#a9def9', '#35c99a', '#b7a3f2', '#a5a5a5'],
};

/** CSS custom properties instead of colours. The style sheet of the page sets the colours. */
export const variablePalette: Palette = {
  background: 'transparent',
  text: 'var(--chart-text)',
  grid: 'var(--chart-grid)',
  shade: 'var(--chart-shade)',
  lines: lightPalette.lines.map((_, index) => `var(--chart-line-${index})`),
};

/** Returns the declarations that set the colours of `variablePalette`. */
export function paletteDeclarations({ text, grid, shade, lines }: Palette): string {
  const colours = { text, grid, shade, ...Object.fromEntries(lines.map((line, index) => [`line-${index}`, line])) };
  return Object.entries(colours)
    .map(([name, colour]) => `--chart-${name}: ${colour};`)
    .join(' ');
}
