import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, startScriptedReporters } from '@turn-router/testing';
import { nodesOf, reports, twoRegions } from './fleet.ts';
import { isWhole } from './standing.ts';
import { startStage, type Stage } from './stage.ts';

const good = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';
const key = (name: string) => `turn:node:eu-central-1:${name}`;
const contested = 'two reporters write under one node id';
const set = ({ redis }: Stage, name: string, text: string) => redis.cli('SET', name, text, 'PX', '600000');

/** A node written now is used: the refresh goes on. */
async function expectRefreshed(stage: Stage, id: string): Promise<void> {
  await set(stage, key(id), good);
  const isUsed = () => stage.load.answers().some(({ nodes }) => nodes?.[0] === `eu-central-1/${id}`);
  await eventually(`${id} to be used`, isUsed, { timeoutMs: boundMs(2_000), everyMs: 20 });
}

describe('among good records, nobody being refused,', () => {
  test.concurrent('bad ones are passed over and said once each, however large or sly', async () => {
    await using stage = await startStage();
    const { redis, router, load } = stage;
    // Too large for an argument of a program, so Redis makes it.
    await redis.cli('EVAL', `redis.call('SET', KEYS[1], string.rep('x', 1048576), 'PX', 600000)`, '1', key('megabyte'));
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
    expect(isWhole(twoRegions.length + 2)(await router.standing())).toBe(true);
    const used = new Set(load.answers().flatMap(({ nodes }) => nodes ?? []));
    expect(
      [...used].filter((name) => /megabyte|padded|cut|number|null|proto|constr|half|Upper|a:b|hash/.test(name)),
    ).toEqual([]);
    for (const name of [...Object.keys(bad), key('megabyte')]) {
      expect(await router.logged(`"${name}"`)).toHaveLength(1);
      expect((await router.logged(`"${name}"`))[0]?.length).toBeLessThan(2_000);
    }
    // Each of them is counted as a reading finds it.
    expect(await router.metric('turn_router_rejected_records')).toBeGreaterThanOrEqual(Object.keys(bad).length + 1);
  });

  test.concurrent('fields of the prototype make nobody healthy', async () => {
    await using stage = await startStage();
    await set(stage, key('sly'), good.replace('"healthy"', '"unhealthy","__proto__":{"status":"healthy"}'));
    await expectRefreshed(stage, 'good');
    await stage.load.stop();
    expect(stage.load.answers().some(({ nodes }) => nodes?.includes('eu-central-1/sly') === true)).toBe(false);
  });

  test.concurrent('one id in two regions is two nodes, and one in no region of the policy serves nobody', async () => {
    await using stage = await startStage();
    await set(stage, key('twin'), good);
    await set(stage, 'turn:node:us-east-1:twin', good);
    await set(stage, 'turn:node:atlantis:x', good);
    const isUsed = (name: string) => stage.load.answers().some(({ nodes }) => nodes?.[0] === name);
    await eventually('both twins to be used', () => isUsed('eu-central-1/twin') && isUsed('us-east-1/twin'), {
      timeoutMs: boundMs(5_000),
    });
    await expectRefreshed(stage, 'later');
    await stage.load.stop();
    expect(isUsed('atlantis/x')).toBe(false);
    expect(stage.failures()).toEqual([]);
    expect((await stage.router.logged('atlantis')).length).toBeLessThanOrEqual(1);
  });

  test.concurrent('two reporters with one id are said once, and the node goes on serving', async () => {
    await using stage = await startStage();
    // They take turns, as two machines with a copied configuration do.
    const first = nodesOf('eu-central-1', 1, { id: 'copied', boot_id: 'left' });
    const second = nodesOf('eu-central-1', 1, { id: 'copied', boot_id: 'right' });
    const settings = { redisPort: stage.redis.port, ...reports, intervalMs: 1_000 };
    await using _left = await startScriptedReporters({ ...settings, nodes: first });
    await using _right = await startScriptedReporters({ ...settings, nodes: second });
    await eventually('the router to say so', async () => (await stage.router.logged(contested)).length > 0, {
      timeoutMs: boundMs(15_000),
    });
    await expectRefreshed(stage, 'later');
    await stage.load.stop();
    expect(await stage.router.logged(contested)).toHaveLength(1);
    expect(stage.load.answers().some(({ nodes }) => nodes?.[0] === 'eu-central-1/copied-1')).toBe(true);
    expect(stage.failures()).toEqual([]);
  });
});
