import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { NodeRegistry, RegistryFollower } from './node-registry.ts';

export type RegistryUnderTest = AsyncDisposable & {
  registry: NodeRegistry;
  /** Advances the registry's time, ms. */
  elapse(milliseconds: number): Promise<void>;
  /** How long the registry counts a router as alive, ms. */
  replicaLifetimeMs: number;
};

const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const virginia = { region: 'us-east-1', id: 'node-01' };
const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const longMs = 60_000;

/** Tests any NodeRegistry. */
export function describeNodeRegistry(name: string, open: () => Promise<RegistryUnderTest>): void {
  describeReports(name, open);
  describeFollowing(name, open);
  describeReplicas(name, open);
}

function describeReports(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name}, as a registry`, () => {
    test('is empty at first', async () => {
      await using subject = await open();
      expect(await subject.registry.readAll()).toMatchObject({ records: [], rejected: [] });
    });

    test('returns a complete report as written', async () => {
      await using subject = await open();
      const full: NodeReport = {
        ...report,
        public_ipv6: '2001:db8::50',
        hostname: 'turn-1.example.org',
        transports: ['udp', 'tls'],
        tls_port: 443,
        allocations: 7,
        boot_id: 'b',
        seq: 3,
        probe: { udp: { ok: true } },
      };
      await subject.registry.put(frankfurt, full, longMs);
      expect(await subject.registry.readAll()).toMatchObject({
        records: [{ key: frankfurt, report: full }],
        rejected: [],
      });
    });

    test('keeps the server id while the same server answers', async () => {
      await using subject = await open();
      const first = await subject.registry.readAll();
      await subject.registry.put(frankfurt, report, longMs);
      const second = await subject.registry.readAll();
      expect(second.serverId).toBe(first.serverId);
      expect(second.serverId).not.toBe('');
    });

    test('keeps nodes with the same id in two regions apart', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, { ...report, cpu: 90 }, longMs);
      const { records } = await subject.registry.readAll();
      expect(records).toHaveLength(2);
      expect(records).toContainEqual({ key: virginia, report: { ...report, cpu: 90 } });
    });

    test('replaces the whole report by the next one', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, { ...report, allocations: 7 }, longMs);
      await subject.registry.put(frankfurt, { ...report, status: 'draining' }, longMs);
      expect((await subject.registry.readAll()).records).toEqual([
        { key: frankfurt, report: { ...report, status: 'draining' } },
      ]);
    });

    test('removes one node, and no other', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, report, longMs);
      await subject.registry.remove(frankfurt);
      await subject.registry.remove({ region: 'eu-central-1', id: 'never-there' });
      expect((await subject.registry.readAll()).records).toEqual([{ key: virginia, report }]);
    });

    test('drops a node whose TTL has ended, unless it reported again', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, 300);
      await subject.registry.put(virginia, report, 300);
      await subject.registry.put(virginia, report, longMs);
      expect((await subject.registry.readAll()).records).toHaveLength(2);
      await subject.elapse(301);
      expect((await subject.registry.readAll()).records).toEqual([{ key: virginia, report }]);
    });

    test('reads a fleet of a thousand nodes', async () => {
      await using subject = await open();
      await Promise.all(
        Array.from({ length: 1000 }, (_, index) =>
          subject.registry.put({ region: 'eu-central-1', id: `n${index}` }, report, longMs),
        ),
      );
      const { records } = await subject.registry.readAll();
      expect(new Set(records.map(({ key }) => key.id)).size).toBe(1000);
      expect(records).toHaveLength(1000);
    });
  });
}

/** Returns the changes of a reading, with nodes by their names. */
async function told(follower: RegistryFollower): Promise<{ changed: string[]; gone: string[] }> {
  const { changed, gone } = await follower.read();
  return {
    changed: changed.map(({ key, report: { seq } }) => `${key.region}/${key.id} ${seq}`).toSorted(),
    gone: gone.map(({ region, id }) => `${region}/${id}`).toSorted(),
  };
}

function describeFollowing(name: string, open: () => Promise<RegistryUnderTest>): void {
  const first = { ...report, seq: 1 };
  const second = { ...report, seq: 2 };

  describe(`${name}, followed`, () => {
    test('returns every node at first, and nothing while nothing changes', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, first, longMs);
      await subject.registry.put(virginia, first, longMs);
      const follower = subject.registry.follow();
      expect(await told(follower)).toEqual({ changed: ['eu-central-1/node-01 1', 'us-east-1/node-01 1'], gone: [] });
      expect(await told(follower)).toEqual({ changed: [], gone: [] });
    });

    test('returns a changed, a new and a removed node once each', async () => {
      await using subject = await open();
      const follower = subject.registry.follow();
      expect(await told(follower)).toEqual({ changed: [], gone: [] });
      await subject.registry.put(frankfurt, first, longMs);
      expect(await told(follower)).toEqual({ changed: ['eu-central-1/node-01 1'], gone: [] });
      await subject.registry.put(frankfurt, second, longMs);
      await subject.registry.put(virginia, first, 300);
      expect(await told(follower)).toEqual({ changed: ['eu-central-1/node-01 2', 'us-east-1/node-01 1'], gone: [] });
      await subject.registry.remove(frankfurt);
      await subject.elapse(301);
      expect(await told(follower)).toEqual({ changed: [], gone: ['eu-central-1/node-01', 'us-east-1/node-01'] });
      expect(await told(follower)).toEqual({ changed: [], gone: [] });
    });

    test('returns a node that was gone and is back with the same report', async () => {
      await using subject = await open();
      const follower = subject.registry.follow();
      await subject.registry.put(frankfurt, first, longMs);
      await follower.read();
      await subject.registry.remove(frankfurt);
      await follower.read();
      await subject.registry.put(frankfurt, first, longMs);
      expect(await told(follower)).toEqual({ changed: ['eu-central-1/node-01 1'], gone: [] });
    });

    test('returns all changes to each follower, independent of other readings', async () => {
      await using subject = await open();
      const early = subject.registry.follow();
      await early.read();
      await subject.registry.put(frankfurt, first, longMs);
      const late = subject.registry.follow();
      await subject.registry.readAll();
      expect(await told(early)).toEqual({ changed: ['eu-central-1/node-01 1'], gone: [] });
      expect(await told(late)).toEqual({ changed: ['eu-central-1/node-01 1'], gone: [] });
    });
  });
}

function describeReplicas(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name}, as the list of live routers`, () => {
    test('counts each router once, however often it announces itself', async () => {
      await using subject = await open();
      const counts: number[] = [];
      for (const replicaId of ['a', 'b', 'a', 'c', 'b']) counts.push(await subject.registry.announceReplica(replicaId));
      expect(counts).toEqual([1, 2, 2, 3, 3]);
    });

    test('no longer counts a withdrawn router, and accepts the withdrawal of an unknown one', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('a');
      await subject.registry.announceReplica('b');
      await subject.registry.withdrawReplica('a');
      await subject.registry.withdrawReplica('never-there');
      expect(await subject.registry.announceReplica('b')).toBe(1);
    });

    test('no longer counts a silent router', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('silent');
      await subject.elapse(subject.replicaLifetimeMs + 1);
      expect(await subject.registry.announceReplica('alive')).toBe(1);
    });

    test('keeps counting a router that keeps announcing itself', async () => {
      await using subject = await open();
      for (let step = 0; step < 6; step += 1) {
        await subject.registry.announceReplica('old');
        await subject.elapse(subject.replicaLifetimeMs / 4);
      }
      expect(await subject.registry.announceReplica('new')).toBe(2);
    });

    test('does not list a router as a node', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('turn:node:eu-central-1:node-01');
      expect(await subject.registry.readAll()).toMatchObject({ records: [], rejected: [] });
    });
  });
}
