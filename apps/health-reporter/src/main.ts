// These two files run before the rest of the program is loaded. Loading it takes some tenths of a second.
// oxlint-disable-next-line import/no-unassigned-import -- see above
import '@turn-router/settings/hold-signals';
// oxlint-disable-next-line import/no-unassigned-import -- see above
import './system/keep-heap-small.ts';

await import('./program.ts');
