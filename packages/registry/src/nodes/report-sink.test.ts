import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '../registry-error.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { createReportSink, type ReportSink } from './report-sink.ts';

const key = { region: 'fra', id: '1' };
const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.1', port: 3478 } as const;
const full = new RegistryError('refused', 'Redis refused the command: OOM');

/** A registry that refuses every call. */
function refusing(reason: Error): ReportSink {
  return { put: () => Promise.reject(reason), remove: () => Promise.reject(reason) };
}
const open = () => createMemoryRegistry(() => 0);

describe('the report sink of several registries', () => {
  test('writes to the first registry that accepts the report', async () => {
    const [first, second] = [open(), open()];
    await createReportSink([refusing(full), first, second]).put(key, report, 15_000);
    expect((await first.readAll()).records).toEqual([{ key, report }]);
    expect((await second.readAll()).records).toEqual([]);
  });

  test('removes a report from all registries, and succeeds if one answers', async () => {
    const [first, second] = [open(), open()];
    await first.put(key, report, 15_000);
    await second.put(key, report, 15_000);
    await createReportSink([first, refusing(full), second]).remove(key);
    expect([(await first.readAll()).records, (await second.readAll()).records]).toEqual([[], []]);
  });

  test("rejects with the last registry's error when all fail", async () => {
    const sink = createReportSink([refusing(new RegistryError('unavailable', 'away')), refusing(full)]);
    await expect(sink.put(key, report, 15_000)).rejects.toBe(full);
    await expect(sink.remove(key)).rejects.toBe(full);
  });

  test('rejects at once with an unexpected error', async () => {
    const registry = open();
    const broken = new TypeError('broken');
    await expect(createReportSink([refusing(broken), registry]).put(key, report, 15_000)).rejects.toBe(broken);
    expect((await registry.readAll()).records).toEqual([]);
  });
});
