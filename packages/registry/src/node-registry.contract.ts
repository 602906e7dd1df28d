import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract';
import type { NodeRegistry } from './node-registry.ts';

export type RegistryUnderTest = {
  registry: NodeRegistry;
  /** Lets this time pass for the registry, ms. */
  elapse(milliseconds: number): Promise<void>;
  dispose(): Promise<void>;
};

/** What every NodeRegistry does. */
export function describeNodeRegistry(name: string, open: () => Promise<RegistryUnderTest>): void {
  const frankfurt = { region: 'eu-central-1', id: 'node-01' };
  const virginia = { region: 'us-east-1', id: 'node-01' };
  const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
  const longMs = 60_000;

  describe(`${name}, as a registry`, () => {
    let subject: RegistryUnderTest;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.dispose());

    test('is empty at first', async () => {
      expect(await subject.registry.readAll()).toEqual({ records: [], rejected: [] });
    });

    test('gives back what was put, whole', async () => {
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
      expect(await subject.registry.readAll()).toEqual({ records: [{ key: frankfurt, report: full }], rejected: [] });
    });

    test('keeps nodes of one id in two regions apart', async () => {
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, { ...report, cpu: 90 }, longMs);
      const { records } = await subject.registry.readAll();
      expect(records).toHaveLength(2);
      expect(records).toContainEqual({ key: virginia, report: { ...report, cpu: 90 } });
    });

    test('replaces a report by the next one, whole', async () => {
      await subject.registry.put(frankfurt, { ...report, allocations: 7 }, longMs);
      await subject.registry.put(frankfurt, { ...report, status: 'draining' }, longMs);
      expect((await subject.registry.readAll()).records).toEqual([
        { key: frankfurt, report: { ...report, status: 'draining' } },
      ]);
    });

    test('forgets a node that was removed, and no other', async () => {
      await subject.registry.put(frankfurt, report, longMs);
      await subject.registry.put(virginia, report, longMs);
      await subject.registry.remove(frankfurt);
      await subject.registry.remove({ region: 'eu-central-1', id: 'never-there' });
      expect((await subject.registry.readAll()).records).toEqual([{ key: virginia, report }]);
    });

    test('forgets a node whose time has run out, unless it reported again', async () => {
      await subject.registry.put(frankfurt, report, 300);
      await subject.registry.put(virginia, report, 300);
      await subject.registry.put(virginia, report, longMs);
      expect((await subject.registry.readAll()).records).toHaveLength(2);
      await subject.elapse(301);
      expect((await subject.registry.readAll()).records).toEqual([{ key: virginia, report }]);
    });

    test('reads a fleet of a thousand nodes', async () => {
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
