import { expect, test } from '@jest/globals';
import { startRedis } from '../servers/redis/start-redis.ts';
import { eventually } from '../fixtures/eventually.ts';
import { startScriptedReporters } from './scripted-reporters.ts';

const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '127.0.0.1', port: 3478 };
const nodes = [
  { name: 'eu-central-1/a', report },
  { name: 'eu-central-1/b', report },
];

test('scripted nodes report to Redis until they are silenced, and again after they are revived or Redis restarts empty', async () => {
  await using redis = await startRedis();
  const keys = async () => (await redis.cli('--raw', 'KEYS', '*')).trim().split('\n').toSorted();
  await using reporters = await startScriptedReporters({ redisPort: redis.port, nodes, intervalMs: 100, ttlMs: 400 });
  expect(await keys()).toEqual(['turn:node:eu-central-1:a', 'turn:node:eu-central-1:b']);

  reporters.silence(['eu-central-1/a']);
  await eventually('the record of the silent node to expire', async () => (await keys()).length === 1);
  expect(JSON.parse(await redis.cli('GET', 'turn:node:eu-central-1:b'))).toMatchObject(report);
  reporters.revive(['eu-central-1/a']);
  await eventually('the record of the revived node', async () => (await keys()).length === 2);

  redis.signal('SIGKILL');
  await redis.exited;
  await using _again = await startRedis({ port: redis.port });
  await eventually('the records of both nodes', async () => (await keys()).length === 2);
});
