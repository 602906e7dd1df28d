import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, startScriptedReporters } from '@turn-router/testing';
import { nodesOf, reports, twoRegions } from './fleet.ts';
import { hasAllNodes } from './readiness.ts';
import { startStage, type Stage } from './stage.ts';

const good = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';
const key = (name: string) => `turn:node:eu-central-1:${name}`;
const duplicateId = '"event":"registry.node_contested"';
const set = ({ redis }: Stage, name: string, text: string) => redis.cli('SET', name, text, 'PX', '250000');

/** Expects that calls reach a node written now, which proves that the router still reads the registry. */
async function expectRefreshed(stage: Stage, id: string): Promise<void> {
  await set(stage, key(id), good);
  const isUsed = () => stage.load.answers().some(({ nodes }) => nodes?.[0] === `eu-central-1/${id}`);
  await eventually(`calls to ${id}`, isUsed, { timeoutMs: boundMs(2_000), everyMs: 20 });
}

describe('among good records, without a refused call,', () => {
  test.concurrent('bad records of any size and content are ignored and logged once each', async () => {
    await using stage = await startStage();
    const { redis, router, load } = stage;
    // The value is too large for a program's argument, so Redis creates it.
    await redis.cli('EVAL', `redis.call('SET', KEYS[1], string.rep('x', 1048576), 'PX', 250000)`, '1', key('megabyte'));
    const padded = good.replace('{', `{"probe":{"note":"${'x'.repeat(100_000)}"},`);
    const bad = {
      [key('padded')]: padded,
      [key('cut')]: '{"cpu":',
      [key('number')]: '7',
      [key('null')]: 'null',
      [key('prototype')]:
        '{"__proto__":{"status":"healthy","cpu":1,"bandwidth_mbps":1,"public_ip":"127.0.0.2","port":3478}}',
      [key('constructor')]: '{"constructor":{"prototype":{"status":"healthy"}}}',
      [key('half')]: good.replace('"cpu":1,', ''),
      [key('Upper')]: good,
      [key('a:b')]: good,
      ['turn:node:__proto__:x']: good,
    };
    for (const [name, text] of Object.entries(bad)) await set(stage, name, text);
    await redis.cli('HSET', key('hash'), 'status', 'healthy');
    await expectRefreshed(stage, 'first');
    await expectRefreshed(stage, 'second');
    await load.stop();

    expect(stage.failures()).toEqual([]);
    expect(hasAllNodes(twoRegions.length + 2)(await router.readiness())).toBe(true);
    const used = new Set(load.answers().flatMap(({ nodes }) => nodes ?? []));
    expect(
      [...used].filter((name) => /megabyte|padded|cut|number|null|proto|constr|half|Upper|a:b|hash/.test(name)),
    ).toEqual([]);
    for (const name of [...Object.keys(bad), key('megabyte')]) {
      expect(await router.logged(`"${name}"`)).toHaveLength(1);
      expect((await router.logged(`"${name}"`))[0]?.length).toBeLessThan(2_000);
    }
    // The metric counts the bad records of the latest reading.
    expect(await router.metric('turn_router_rejected_records')).toBeGreaterThanOrEqual(Object.keys(bad).length + 1);
  });

  test.concurrent('a `__proto__` field does not make a node healthy', async () => {
    await using stage = await startStage();
    await set(stage, key('sly'), good.replace('"healthy"', '"unhealthy","__proto__":{"status":"healthy"}'));
    await expectRefreshed(stage, 'good');
    await stage.load.stop();
    expect(stage.load.answers().some(({ nodes }) => nodes?.includes('eu-central-1/sly') === true)).toBe(false);
  });

  test.concurrent('one id in two regions makes two nodes, and a node outside the policy’s regions gets no calls', async () => {
    await using stage = await startStage();
    await set(stage, key('twin'), good);
    await set(stage, 'turn:node:us-east-1:twin', good);
    await set(stage, 'turn:node:atlantis:x', good);
    const isUsed = (name: string) => stage.load.answers().some(({ nodes }) => nodes?.[0] === name);
    await eventually('calls to both twins', () => isUsed('eu-central-1/twin') && isUsed('us-east-1/twin'), {
      timeoutMs: boundMs(5_000),
    });
    await expectRefreshed(stage, 'later');
    await stage.load.stop();
    expect(isUsed('atlantis/x')).toBe(false);
    expect(stage.failures()).toEqual([]);
    expect((await stage.router.logged('atlantis')).length).toBeLessThanOrEqual(1);
  });

  test.concurrent('two reporters with one id are logged once, and their node still gets calls', async () => {
    await using stage = await startStage();
    // They report alternately, like two machines with a copied configuration.
    const first = nodesOf('eu-central-1', 1, { id: 'copied', boot_id: 'left' });
    const second = nodesOf('eu-central-1', 1, { id: 'copied', boot_id: 'right' });
    const settings = { redisPort: stage.redis.port, ...reports, intervalMs: 1_000 };
    await using _left = await startScriptedReporters({ ...settings, nodes: first });
    await using _right = await startScriptedReporters({ ...settings, nodes: second });
    await eventually(
      'the router to log the duplicate id',
      async () => (await stage.router.logged(duplicateId)).length > 0,
      {
        timeoutMs: boundMs(15_000),
      },
    );
    await expectRefreshed(stage, 'later');
    await stage.load.stop();
    expect(await stage.router.logged(duplicateId)).toHaveLength(1);
    expect(stage.load.answers().some(({ nodes }) => nodes?.[0] === 'eu-central-1/copied-1')).toBe(true);
    expect(stage.failures()).toEqual([]);
  });
});
