import type { StrategyName } from '@turn-router/simulator';

type ReproducedOptions = {
  readonly strategies?: readonly StrategyName[];
  readonly seeds?: readonly number[];
  readonly scale?: number;
};

/** Returns the command that produces the same figures again. */
export function reproduceCommand(
  scenarios: readonly string[],
  { strategies, seeds, scale }: ReproducedOptions,
): string {
  const options = [
    ...(strategies === undefined ? [] : ['--strategies', strategies.join(',')]),
    ...(seeds === undefined ? [] : ['--seeds', seeds.join(',')]),
    ...(scale === undefined ? [] : ['--scale', String(scale)]),
  ];
  return ['npm run turnctl -- simulate', ...scenarios.map(quoted), ...options].join(' ');
}

/** Quotes a word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
