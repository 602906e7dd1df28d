import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, startSteadyLoad, type RouterProcess } from '@turn-router/testing';
import { startHostileRedis, type HostileRedis } from './hostile-redis.ts';
import { memoryGrowthMibMax } from './judge-fuzz.ts';
import { startFuzzedRouter } from './start-fuzzed-router.ts';

export type HostileRedisOptions = {
  /** Length of the trial. Redis is hostile for half of this time, in turns of a few seconds. */
  readonly seconds: number;
  readonly seed: number;
  /** `short` does not judge memory. */
  readonly form: 'short' | 'full';
  /** Ends the trial early, with a verdict on everything except memory. */
  readonly stop: AbortSignal;
};

export type HostileRedisResult = {
  /** Number of damaged replies. */
  readonly damages: number;
  /** Number of answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly memoryGrowthMib: number;
  /** Everything that must not happen. */
  readonly faults: readonly string[];
};

const callsPerSecond = 20;

/** So high that no call waits. With limits, the router exchanges counts with Redis. */
const limits = `limits:
  perUserPerMinute: 1000000
  perAddressPerMinute: 1000000
`;

/** How long Redis is hostile, and then honest, s. An honest turn is long enough for a new connection. */
const turnSeconds = 5;

/** Time in which the router must be ready again after the last hostile turn, ms. */
const recoveryMaxMs = 60_000;

/** Time for the router to collect its garbage, ms. */
const garbageMs = 1_000;

/**
 * Starts a router whose Redis damages every fourth reply, and calls it. The router must go on to answer from memory, and must be ready again when
 * Redis is honest.
 */
export async function runHostileRedis({ seconds, seed, form, stop }: HostileRedisOptions): Promise<HostileRedisResult> {
  let hostile: HostileRedis | undefined;
  await using fuzzed = await startFuzzedRouter({
    limits,
    startRegistry: async (port) => (hostile = await startHostileRedis(port, seed)),
  });
  const { router, knowledge } = fuzzed;
  let exitCode: number | null | undefined;
  void router.exited.then((code) => (exitCode = code));
  const isOver = () => stop.aborted || exitCode !== undefined;
  await using load = startSteadyLoad({
    url: router.url,
    ratePerSecond: callsPerSecond,
    maxSeconds: seconds * 2 + 600,
    callers: [{}, bearer(knowledge.tokens['apiKey']), bearer(knowledge.tokens['jwt'])],
  });

  const takeTurns = async (lastsSeconds: number) => {
    for (let passed = 0; passed < lastsSeconds && !isOver(); passed += 2 * turnSeconds) {
      hostile?.damage(true);
      await untilOver(turnSeconds * 1_000, isOver);
      hostile?.damage(false);
      await untilOver(turnSeconds * 1_000, isOver);
    }
  };
  const isFull = form === 'full';
  if (isFull) await takeTurns(Math.min(60, seconds / 4));
  const warmMib = await residentWithoutGarbage(router, isFull);
  await takeTurns(seconds);
  const endMib = await residentWithoutGarbage(router, isFull);
  const isReadyAgain = await untilReady(router, isOver);
  await load.stop();

  const statuses: Record<number, number> = {};
  for (const { status } of load.answers()) statuses[status] = (statuses[status] ?? 0) + 1;
  const memoryGrowthMib = endMib - warmMib;
  const bad = Object.keys(statuses).filter((status) => !permitted.has(Number(status)));
  const faults = [
    ...(exitCode === undefined ? [] : [`the router ended with exit code ${exitCode}`]),
    ...bad.map((status) => `${statuses[Number(status)]} answers with status ${status}`),
    ...(isReadyAgain || stop.aborted ? [] : [`the router was not ready ${recoveryMaxMs / 1000} s after the damage`]),
    ...(!isFull || stop.aborted || memoryGrowthMib <= memoryGrowthMibMax
      ? []
      : [`resident memory grew by ${memoryGrowthMib.toFixed(1)} MiB`]),
  ];
  return { damages: hostile?.damages() ?? 0, statuses, memoryGrowthMib, faults };
}

/** A damaged byte may change the hash of a key, so that the key is unknown. 503: no node can take the call, or revocations are unknown. */
const permitted: ReadonlySet<number> = new Set([200, 401, 503]);

const bearer = (token = '') => ({ headers: { authorization: `Bearer ${token}` } });

async function untilOver(ms: number, isOver: () => boolean): Promise<void> {
  const endsAtMs = performance.now() + ms;
  while (performance.now() < endsAtMs && !isOver()) await delay(50);
}

async function residentWithoutGarbage(router: RouterProcess, isFull: boolean): Promise<number> {
  router.signal('SIGUSR2');
  await delay(isFull ? garbageMs : 0);
  const figures = await readProcessFigures(router.pid).catch(() => undefined);
  return figures?.residentMib ?? 0;
}

async function untilReady({ url }: RouterProcess, isOver: () => boolean): Promise<boolean> {
  const endsAtMs = performance.now() + recoveryMaxMs;
  while (performance.now() < endsAtMs && !isOver()) {
    const text = await fetch(`${url}/readyz`).then(
      (answer) => answer.text(),
      () => '',
    );
    if (text.includes('"trust":"fresh"')) return true;
    await delay(250);
  }
  return false;
}
