import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';
import { relay, socket, startFixture } from './load-meter.fixture.ts';

const addressSchema = z.object({ port: z.number() });

describe('the load of a node', () => {
  test('counts new allocations, also between two measurements, and not those of the probe', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.sample();
    node.clock.advance(5_000);
    await node.write('net/udp', relay('C000') + relay('C002'));
    await node.meter.sample(new Set([0xc002]));
    await node.write('net/udp6', relay('C003'));
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 1, started: 0 });
    node.clock.advance(7_000);
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 2, started: 1 });
  });

  test('continues the count of allocations once the kernel lists them again', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.measure();
    await node.remove('net/udp');
    expect((await node.meter.measure()).allocations).toEqual({
      live: undefined,
      settled: undefined,
      started: undefined,
      capacity: 16_384,
    });
    await node.write('net/udp', relay('C001') + relay('C002'));
    await node.meter.measure();
    node.clock.advance(7_000);
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, started: 2 });
  });

  describe('with a visible TURN server', () => {
    const turnSocket = socket('0D96', 77);
    async function startVisible() {
      const node = await startFixture({ 'net/udp': turnSocket + socket('C000', 78) + socket('C000', 900, '0200007F') });
      for (const [fd, inode] of [
        [0, 77],
        [1, 78],
      ] as const)
        await node.own(12, fd, inode);
      await node.own(7, 3, 900);
      return node;
    }

    test('counts only the relay sockets of its process', async () => {
      await using node = await startVisible();
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 1, started: 0 });
      await node.own(12, 4, 79);
      await node.own(7, 4, 901);
      await node.write('net/udp', turnSocket + [78, 79, 900, 901].map((inode) => socket('C000', inode)).join(''));
      await node.meter.sample();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 2, started: 1 });
      await node.write('net/udp', turnSocket + [900, 901].map((inode) => socket('C000', inode)).join(''));
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 0, started: 1 });
    });

    test('counts a relay socket whose file number was used by another socket before', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      await node.disown(12, 1);
      await node.own(12, 1, 80);
      await node.write('net/udp', turnSocket + socket('C000', 80));
      await node.meter.measure();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 1, started: 1 });
    });

    test('does not count known sockets of other programs while the process is invisible, and counts new sockets', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      for (const fd of [0, 1]) await node.disown(12, fd);
      await node.write('net/udp', [78, 81, 900].map((inode) => socket('C000', inode)).join(''));
      await node.meter.measure();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, started: 1 });
    });

    test('finds the new process of a restarted server within a minute', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      for (const fd of [0, 1]) await node.disown(12, fd);
      await node.own(13, 5, 177);
      await node.write('net/udp', socket('0D96', 177) + socket('C001', 900) + socket('C001', 902));
      await node.meter.measure();
      node.clock.advance(60_000);
      await node.meter.measure();
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 0 });
    });
  });

  test('reads the allocations from the exporter, and from the relay sockets while it does not answer', async () => {
    let answer = '# TYPE turn_total_allocations gauge\nturn_total_allocations{type="UDP"} 7\n';
    const exporter = createServer((_request, response) => void response.end(answer)).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const { port } = addressSchema.parse(exporter.address());
    await using node = await startFixture(
      { 'net/udp': relay('C000') },
      { metricsUrl: `http://127.0.0.1:${port}/metrics` },
    );
    const live = async () => (await node.meter.measure()).allocations.live;
    expect(await live()).toBe(7);
    // The exporter also counts probes of other nodes, whose sockets are younger than calls.
    await node.write('net/udp', relay('C000') + relay('C001'));
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 7, settled: 6 });
    await node.write('net/udp', relay('C000'));
    answer = '<html>not an exporter</html>';
    expect(await live()).toBe(1);
    answer = '# TYPE eturnal_turn_open_sessions gauge\neturnal_turn_open_sessions{transport="udp"} 9\n';
    expect(await live()).toBe(9);
    exporter.close().closeAllConnections();
    expect(await live()).toBe(1);
    expect(node.log.filter((line) => line.includes('TURN_METRICS_URL'))).toEqual([
      'exporter at TURN_METRICS_URL cannot be read: counting relay sockets as allocations',
      'exporter at TURN_METRICS_URL can be read again',
      'exporter at TURN_METRICS_URL cannot be read: counting relay sockets as allocations',
    ]);
  });

  test('does not wait for a silent exporter', async () => {
    const exporter = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const { port } = addressSchema.parse(exporter.address());
    const options = { metricsUrl: `http://127.0.0.1:${port}/`, metricsTimeoutMs: 20 };
    await using node = await startFixture({ 'net/udp': relay('C000') }, options);
    expect((await node.meter.measure()).allocations.live).toBe(1);
    exporter.close().closeAllConnections();
  });
});
