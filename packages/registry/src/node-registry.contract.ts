import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract';
import type { NodeRegistry } from './node-registry.ts';

export type RegistryUnderTest = AsyncDisposable & {
  registry: NodeRegistry;
  /** Lets this time pass for the registry, ms. */
  elapse(milliseconds: number): Promise<void>;
  /** How long it counts a router as alive, ms. */
  replicaLifetimeMs: number;
};

const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const virginia = { region: 'us-east-1', id: 'node-01' };
const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const longMs = 60_000;

/** What every NodeRegistry does. */
export function describeNodeRegistry(name: string, open: () => Promise<RegistryUnderTest>): void {
  describeReports(name, open);
  describeRecordIdentity(name, open);
  describeReplicas(name, open);
}

/** The only record that stands. */
async function readOne({ registry }: RegistryUnderTest) {
  const { records } = await registry.readAll();
  expect(records).toHaveLength(1);
  return records[0];
}

function describeReports(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name}, as a registry`, () => {
    test('is empty at first', async () => {
      await using subject = await open();
      expect(await subject.registry.readAll()).toMatchObject({ records: [], rejected: [] });
    });

    test('gives back what was put, whole', async () => {
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

    test('says that the same server has answered, as long as it has', async () => {
      await using subject = await open();
      const first = await subject.registry.readAll();
      await subject.registry.put(frankfurt, report, longMs);
      const second = await subject.registry.readAll();
      expect(second.serverId).toBe(first.serverId);
      expect(second.serverId).not.toBe('');
    });

    test('keeps nodes of one id in two regions apart', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, { ...report, cpu: 90 }, longMs);
      const { records } = await subject.registry.readAll();
      expect(records).toHaveLength(2);
      expect(records).toContainEqual({ key: virginia, report: { ...report, cpu: 90 } });
    });

    test('replaces a report by the next one, whole', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, { ...report, allocations: 7 }, longMs);
      await subject.registry.put(frankfurt, { ...report, status: 'draining' }, longMs);
      expect((await subject.registry.readAll()).records).toEqual([
        { key: frankfurt, report: { ...report, status: 'draining' } },
      ]);
    });

    test('forgets a node that was removed, and no other', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, report, longMs);
      await subject.registry.remove(frankfurt);
      await subject.registry.remove({ region: 'eu-central-1', id: 'never-there' });
      expect((await subject.registry.readAll()).records).toEqual([{ key: virginia, report }]);
    });

    test('forgets a node whose time has run out, unless it reported again', async () => {
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

function describeRecordIdentity(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name}, read again`, () => {
    test('hands out the same record while the report stands, whatever the other nodes do', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      const first = await readOne(subject);
      await subject.registry.put(virginia, report, longMs);
      await subject.registry.readAll();
      await subject.registry.remove(virginia);
      expect(await readOne(subject)).toBe(first);
    });

    test('hands out another record for another report, and that one from then on', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, { ...report, seq: 1 }, longMs);
      const first = await readOne(subject);
      await subject.registry.put(frankfurt, { ...report, seq: 2 }, longMs);
      const second = await readOne(subject);
      expect(first).toEqual({ key: frankfurt, report: { ...report, seq: 1 } });
      expect(second).toEqual({ key: frankfurt, report: { ...report, seq: 2 } });
      expect(await readOne(subject)).toBe(second);
    });

    test('tells two nodes with one and the same report apart', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, report, longMs);
      const first = await subject.registry.readAll();
      const second = await subject.registry.readAll();
      expect(new Set(first.records).size).toBe(2);
      expect(new Set([...first.records, ...second.records]).size).toBe(2);
    });

    test('keeps nothing of a node that was seen to be gone', async () => {
      await using subject = await open();
      await subject.registry.put(frankfurt, report, longMs);
      const first = await readOne(subject);
      await subject.registry.remove(frankfurt);
      await subject.registry.readAll();
      await subject.registry.put(frankfurt, report, longMs);
      const second = await readOne(subject);
      expect(second).toEqual(first);
      expect(second).not.toBe(first);
    });
  });
}

function describeReplicas(name: string, open: () => Promise<RegistryUnderTest>): void {
  describe(`${name}, as the place where routers see each other`, () => {
    test('counts each router once, however often it announces itself', async () => {
      await using subject = await open();
      const counts: number[] = [];
      for (const replicaId of ['a', 'b', 'a', 'c', 'b']) counts.push(await subject.registry.announceReplica(replicaId));
      expect(counts).toEqual([1, 2, 2, 3, 3]);
    });

    test('no longer counts one that has withdrawn, and does not mind one that was never there', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('a');
      await subject.registry.announceReplica('b');
      await subject.registry.withdrawReplica('a');
      await subject.registry.withdrawReplica('never-there');
      expect(await subject.registry.announceReplica('b')).toBe(1);
    });

    test('no longer counts one that has fallen silent', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('silent');
      await subject.elapse(subject.replicaLifetimeMs + 1);
      expect(await subject.registry.announceReplica('alive')).toBe(1);
    });

    test('goes on counting one that goes on announcing itself', async () => {
      await using subject = await open();
      for (let step = 0; step < 6; step += 1) {
        await subject.registry.announceReplica('old');
        await subject.elapse(subject.replicaLifetimeMs / 4);
      }
      expect(await subject.registry.announceReplica('new')).toBe(2);
    });

    test('takes no router for a node', async () => {
      await using subject = await open();
      await subject.registry.announceReplica('turn:node:eu-central-1:node-01');
      expect(await subject.registry.readAll()).toMatchObject({ records: [], rejected: [] });
    });
  });
}
