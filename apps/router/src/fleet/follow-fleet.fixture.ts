import { policySchema } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import {
  createMemoryRegistry,
  RegistryError,
  type NodeRecord,
  type RegistryReading,
  type RejectedRecord,
} from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import type { KeyRing } from '@turn-router/turn-credentials';
import { createNodeKeys } from '../issue/node-keys.ts';
import { createRouting } from '../issue/routing.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createFindExclusion } from './find-exclusion.ts';
import { followFleet } from './follow-fleet.ts';
import { createOutsideProofs } from './proofs/outside-proofs.ts';

export const keyRing: KeyRing = { keys: [{ id: 'first', secret: 'north-secret-of-2026' }] };

export const plain = policySchema.parse({
  defaultRegion: 'eu-central-1',
  regions: { 'eu-central-1': { location: [50.11, 8.68] } },
});
export const report: NodeReport = {
  status: 'healthy',
  cpu: 20,
  bandwidth_mbps: 150,
  public_ip: '192.0.2.50',
  port: 3478,
};
export const frankfurt = { key: { region: 'eu-central-1', id: 'node-01' }, report };

/** A registry that reads whatever the test puts there; an error is thrown. */
function scriptedRegistry(initial: RegistryReading | RegistryError) {
  const registry = createMemoryRegistry(() => 0);
  const held = new Map<string, NodeRecord>();
  let failure: RegistryError | undefined;
  let rejected: readonly RejectedRecord[] = [];

  function hold(records: readonly NodeRecord[]): void {
    const ids = new Set(records.map(({ key }) => key.id));
    for (const { key } of [...held.values()].filter((record) => !ids.has(record.key.id))) {
      held.delete(key.id);
      void registry.remove(key);
    }
    for (const record of records) {
      if (held.get(record.key.id)?.report === record.report) continue;
      held.set(record.key.id, record);
      void registry.put(record.key, record.report, 1);
    }
  }

  function reads(reading: Partial<RegistryReading> | RegistryError): void {
    failure = reading instanceof RegistryError ? reading : undefined;
    if (reading instanceof RegistryError) return;
    rejected = reading.rejected ?? [];
    hold(reading.records ?? []);
  }

  reads(initial);
  return {
    registry: {
      follow() {
        const follower = registry.follow();
        return {
          read: async () => {
            if (failure !== undefined) throw failure;
            return { ...(await follower.read()), rejected };
          },
        };
      },
    },
    reads,
  };
}

/** Follows this registry, with everything that a router has around it. */
export async function follow(policy = plain, initial: RegistryReading | RegistryError = { records: [], rejected: [] }) {
  const { registry, reads } = scriptedRegistry(initial);
  const lines: { level: number; msg: string; record?: string; detail?: string; reason?: string }[] = [];
  const metrics = createMetrics();
  const clock = createManualClock();
  const outside = createOutsideProofs();
  const nodeKeys = createNodeKeys(keyRing, () => keyRing);
  const findExclusion = createFindExclusion(nodeKeys, { offsetsMs: () => [0] }, outside);
  const routing = createRouting(policy, { monotonicNowMs: clock.now, random: () => 0.5, findExclusion });
  let replicas = 1;
  const fleet = await followFleet([{ name: 'redis-1', registry }], {
    routing,
    nodeKeys,
    metrics,
    logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    monotonicNowMs: clock.now,
    countReplicas: () => replicas,
    ask: () => Promise.resolve(false),
    outside,
  });
  await fleet.refresh();
  lines.length = 0;
  const setReplicas = (count: number) => {
    replicas = count;
  };
  const afterReading = async (reading: Partial<RegistryReading> | RegistryError) => {
    reads(reading);
    await fleet.refresh();
    return lines.splice(0).map(({ msg, record, detail, reason }) => [msg, record ?? reason, detail].filter(Boolean));
  };
  return { fleet, metrics, routing, clock, outside, setReplicas, afterReading };
}
