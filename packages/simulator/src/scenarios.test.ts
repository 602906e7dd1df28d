import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { figureAt } from './figure-at.ts';
import { parseScenario } from './scenario/parse-scenario.ts';
import { shippedScenariosFolder } from './shipped-scenarios.ts';
import { simulate } from './simulate.ts';
import type { StrategyName } from './simulation-result.ts';

const names = readdirSync(shippedScenariosFolder).map((file) => file.replace(/\.yaml$/, ''));
/** Timeout. A run needs seconds of CPU time, and takes much longer on a busy machine. */
const timeoutMs = 120_000;
/** These scenarios are skipped, because they take minutes. `world-evening` covers the same code. */
const tooLong = ['world-day'];

function readScenario(name: string) {
  const parsed = parseScenario(readFileSync(new URL(`${name}.yaml`, shippedScenariosFolder), 'utf8'));
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.faults)}`);
  return parsed.scenario;
}

describe('the shipped scenarios', () => {
  test.each(names)('%s is valid, has the name of its file, and has claims', (name) => {
    const scenario = readScenario(name);
    expect(scenario.name).toBe(name);
    expect(scenario.claims).not.toEqual([]);
    expect(scenario.strategies).toContain('turn-router');
  });

  test.each(names.filter((name) => !tooLong.includes(name)))(
    '%s: its claims are met',
    (name) => {
      const { claims } = simulate(readScenario(name), { strategies: ['turn-router'], seeds: [1], scale: 0.3 });
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    timeoutMs,
  );

  test.each<[name: string, strategy: StrategyName, figure: string]>([
    ['base', 'least-load', 'peakToIdeal.p99'],
    ['base', 'two-choices', 'peakToIdeal.p99'],
    ['node-joins', 'least-load', 'special.joiner.peakToMean'],
    ['node-always-reports-0', 'two-choices', 'special.liar.toMeanAfter60s'],
    ['spill-120', 'cliff', 'spillShare.home → neighbour.standardDeviation'],
    ['spill-120', 'no-spillover', 'regionLoad.home.p99'],
    ['world-evening', 'no-spillover', 'overloadedCallShare'],
  ])(
    '%s shows a difference between %s and turn-router in %s',
    (name, strategy, figure) => {
      const scenario = readScenario(name);
      const claim = scenario.claims.find((other) => other.figure === figure);
      const [result] = simulate(scenario, { strategies: [strategy], seeds: [1], scale: 0.3 }).strategies;
      expect(figureAt(result?.runs[0]?.figures, figure)).toBeGreaterThan(claim?.atMost ?? Number.POSITIVE_INFINITY);
    },
    timeoutMs,
  );
});
