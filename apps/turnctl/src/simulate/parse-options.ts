import { strategyNames, type StrategyName } from '@turn-router/simulator';
import { InvalidArgumentError } from 'commander';

const largestSeed = 2_147_483_647;

/** Parses `turn-router,least-load`. Ignores duplicates. */
export function parseStrategies(text: string): readonly StrategyName[] {
  const strategies = text.split(',').map((name) => {
    const found = strategyNames.find((strategy) => strategy === name);
    if (found === undefined)
      throw new InvalidArgumentError(`Unknown strategy "${name}": expected one of ${strategyNames.join(', ')}.`);
    return found;
  });
  return [...new Set(strategies)];
}

/** Parses `1,2,3`. Ignores duplicates. */
export function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(',');
  if (seeds.some((seed) => !/^\d+$/.test(seed) || Number(seed) > largestSeed)) {
    throw new InvalidArgumentError(`Expected whole numbers from 0 to ${largestSeed}, such as 1,2,3.`);
  }
  return [...new Set(seeds.map(Number))];
}

export function parseScale(text: string): number {
  const scale = Number(text);
  if (!(scale > 0 && scale <= 1)) throw new InvalidArgumentError('Expected a number above 0, up to 1.');
  return scale;
}
