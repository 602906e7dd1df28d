import { policySchema } from '@turn-router/contract/policy';
import { nodeNameFromKey, type NodeReport, type ProofPath } from '@turn-router/contract/registry';
import { createManualClock } from '@turn-router/testing';
import { createLogger } from '../../observe/logger.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { followProofs } from './follow-proofs.ts';
import { createOutsideProofs } from './outside-proofs.ts';
import { createTestProofs, keyOf, udpWorks } from './test-proofs.fixture.ts';

const policy = policySchema.parse({
  defaultRegion: 'eu',
  regions: { eu: { location: [50, 8] }, us: { location: [38, -77] } },
});
const report: NodeReport = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.50', port: 3478 };

/** Four probers. One node is a quarter of the fleet, and half of its region, so one may be out. */
export const fourProbers = ['eu/a', 'eu/b', 'us/x', 'us/y'];

/** How a round of the probers looks: what each says about each other node. Default: it works. */
export type Said = (prober: string, target: string) => readonly ProofPath[] | undefined;

/** Follows the proofs of these registries over a fleet of these probers. Time passes by `pass` only. */
export function startFollowing(probers: readonly string[] = fourProbers, registries = ['redis-1']) {
  const clock = createManualClock();
  const lines: Record<string, unknown>[] = [];
  const metrics = createMetrics();
  const outside = createOutsideProofs();
  const sources = registries.map((name) => ({ name, proofs: createTestProofs() }));
  const changes: string[][] = [];
  let nodes = probers.map((name) => ({ key: keyOf(name), report: { ...report, probes_others: true } }));
  const followed = followProofs(
    sources.map(({ name, proofs }) => ({ name, store: proofs.store })),
    {
      outside,
      nodes: () => nodes,
      policy: () => policy,
      onChange: (names) => changes.push([...names]),
      metrics,
      logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
      monotonicNowMs: clock.now,
      random: () => 0.5,
      // Only the tests start rounds.
      everyMs: 3_600_000,
    },
  );

  /** Every prober writes new proofs about all others, to every registry. */
  function probe(said: Said = () => undefined): void {
    for (const { proofs } of sources) {
      for (const prober of probers) {
        for (const target of probers) {
          if (target !== prober) proofs.say(prober, target, ...(said(prober, target) ?? [udpWorks]));
        }
      }
    }
  }

  return {
    outside,
    changes,
    metrics,
    clock,
    sources: sources.map(({ proofs }) => proofs),
    removeNode(name: string) {
      nodes = nodes.filter(({ key }) => nodeNameFromKey(key) !== name);
    },
    /** Lets this time pass. The probers probe every 30 s, the router reads every 5 s. */
    async pass(seconds: number, said?: Said, probes = true): Promise<void> {
      for (let passed = 0; passed < seconds; passed += 5) {
        if (probes && passed % 30 === 0) probe(said);
        await followed.refresh();
        clock.advance(5_000);
      }
    },
    refresh: () => followed.refresh(),
    /** Returns the log lines since the last call. */
    said: () =>
      lines
        .splice(0)
        .map(({ event, registry, fault }) => [event, registry, fault].filter((each) => each !== undefined)),
    [Symbol.asyncDispose]: () => followed[Symbol.asyncDispose](),
  };
}
