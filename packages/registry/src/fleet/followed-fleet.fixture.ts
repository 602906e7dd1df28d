import { isDeepStrictEqual } from 'node:util';
import type { ReportedNode } from '@turn-router/selection';
import { createManualClock } from '@turn-router/testing';
import { createMemoryRegistry } from '../nodes/memory-registry.ts';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { RegistryError } from '../registry-error.ts';
import type { AddressRules } from '../trust/address-rules.ts';
import { startFleetFeed } from './fleet-feed.ts';

const vanishing = { vanishWindowSeconds: 15, suspiciousShare: 0.15, keepSeconds: 300 };
export const away = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');

export function node(region: string, id: string, seq = 1): NodeRecord {
  const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.1', port: 3478 } as const;
  return { key: { region, id }, report: { ...report, boot_id: 'a', seq } };
}
export const fleetOf = (region: string, count: number) =>
  Array.from({ length: count }, (_, index) => node(region, `${index}`));

/** Creates a registry that holds the given records, or fails with the given error. */
export function scriptedRegistry(initial: readonly NodeRecord[] | RegistryError = []) {
  const registry = createMemoryRegistry(() => 0);
  let held: readonly NodeRecord[] = [];
  let failure: RegistryError | undefined;
  const holds = (next: readonly NodeRecord[] | RegistryError) => {
    failure = next instanceof RegistryError ? next : undefined;
    if (next instanceof RegistryError) return;
    for (const { key } of held)
      if (!next.some((record) => isDeepStrictEqual(record.key, key))) void registry.remove(key);
    for (const record of next) {
      if (!held.some((known) => isDeepStrictEqual(known, record))) void registry.put(record.key, record.report, 1);
    }
    held = next;
  };
  holds(initial);
  return {
    follow() {
      const follower = registry.follow();
      return { read: () => (failure === undefined ? follower.read() : Promise.reject(failure)) };
    },
    holds,
  };
}

const quiet = {
  onRestored: () => undefined,
  onReading: () => undefined,
  onLost: () => undefined,
  onFound: () => undefined,
  onFault: () => undefined,
  onContested: () => undefined,
  onSuspicion: () => undefined,
  onVerdict: () => undefined,
  onLeft: () => undefined,
  onChange: () => undefined,
};

const named = (nodes: readonly ReportedNode[]) =>
  nodes.map(({ key, report, trustedShare = 1 }) => `${key.region}/${key.id} ${report.seq} ${trustedShare}`).toSorted();

type Parts = Parameters<typeof startFleetFeed>[0];

const permissive: AddressRules = { allowAddresses: [], allowPorts: [] };

export async function follow(
  parts: Parts,
  { answering = [] as string[], events = {}, addresses = (): AddressRules => permissive } = {},
) {
  const clock = createManualClock();
  const feed = await startFleetFeed(
    parts,
    { ...quiet, ...events },
    {
      monotonicNowMs: clock.now,
      vanishing: () => vanishing,
      addresses,
      ask: ({ key }) => Promise.resolve(answering.includes(`${key.region}/${key.id}`)),
      intervalMs: 3_600_000,
    },
  );
  /** Returns the names of the nodes; ` half` marks nodes at half weight. */
  const serving = () =>
    feed.nodes().map(({ key, trustedShare }) => `${key.region}/${key.id}${trustedShare === 0.5 ? ' half' : ''}`);
  /** Returns the changes since the last call, by names. */
  const changes = () => {
    const { changed, retrusted, gone } = feed.takeChanges();
    return [named(changed), named(retrusted), gone.map(({ region, id }) => `${region}/${id}`).toSorted()];
  };
  return { feed, clock, serving, changes };
}
