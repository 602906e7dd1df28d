import { darkPalette, lightPalette, paletteDeclarations } from '../charts/palette.ts';

const light = `--ground: ${lightPalette.background}; --text: #1d2126; --soft: #5b626b; --rule: #d9dde2; --ours: #eef5fb; --link: #00598c; --good: #00684a; --bad: #b3261e; ${paletteDeclarations(lightPalette)}`;
const dark = `--ground: ${darkPalette.background}; --text: #e4e7eb; --soft: #a2a9b2; --rule: #363c44; --ours: #1b2733; --link: #7cc0f5; --good: #4fd0a0; --bad: #ff8f85; ${paletteDeclarations(darkPalette)}`;

/** The style sheet of the page. It also sets the colours of the charts. */
export const styleSheet = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3.5rem 0 .25rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p, figcaption { max-width: 46rem; }
a { color: var(--link); }
code, pre { font: .88em/1.5 ui-monospace, monospace; }
pre { padding: .75rem 1rem; border: 1px solid var(--rule); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.soft, dl, figcaption { color: var(--soft); }
.verdict { font-size: 1.15rem; font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .93rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: bottom; }
th:first-child, table.words :is(th, td) { text-align: left; }
td { white-space: nowrap; }
table.words td { white-space: normal; vertical-align: top; }
tbody th { font-weight: 400; }
thead th { font-weight: 600; line-height: 1.3; }
tr.ours > * { font-weight: 650; background: var(--ours); }
tr > :first-child { padding-left: .5rem; }
dl { font-size: .88rem; display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; max-width: 52rem; }
dt { color: var(--text); }
dd { margin: 0; }
figure { margin: 2rem 0; }
figure svg { display: block; width: 100%; min-width: 680px; height: auto; }
figcaption { font-size: .92rem; margin-bottom: .5rem; }
@media (max-width: 600px) { dl { display: block; } dd { margin: 0 0 .5rem; } }
@media print { h2, figure { break-inside: avoid; } }
`;
