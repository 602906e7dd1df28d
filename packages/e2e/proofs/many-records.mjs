#!/usr/bin/env node
// checks memory, metrics, log and calls of a router whose Redis has 60 000 records in 50 000 regions that the policy lacks
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { eventually, readProcessFigures, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';

const usage = `Usage: node packages/e2e/proofs/many-records.mjs [--help]

Starts a real redis-server and a built router with 10 nodes. Then a client of Redis writes 60 000 more records: 50 000 in regions of their own, 5 000 of
another type and 5 000 that are too long. The keys of all these records come before those of the 10 nodes in alphabetical order.
`;

const records = 60_000;
const bounds = { residentGrowthMib: 250, metricsKib: 100, logLines: 500, worstCallMs: 1_000 };

const policy = `
defaultRegion: z
regions:
  z: {location: [50.11, 8.68], spillover: []}
`;

/** @param {number} index */
function recordOf(index) {
  const cpu = index % 50;
  return JSON.stringify({
    status: 'healthy',
    cpu,
    bandwidth_mbps: 100,
    public_ip: '192.0.2.50',
    port: 3478,
    seq: index,
  });
}

/** Writes the foreign records with one script per 1 000. @param {import('@turn-router/testing').RedisServer} redis */
async function writeForeign(redis) {
  const script = `
    for index = tonumber(ARGV[1]), tonumber(ARGV[1]) + 999 do
      local name = 'turn:node:r' .. index .. ':a'
      if index < 5000 then redis.call('RPUSH', 'turn:node:list:' .. index, 'x')
      elseif index < 10000 then redis.call('SET', 'turn:node:large:' .. index, string.rep('x', 5000), 'PX', 600000)
      else redis.call('SET', name, ARGV[2], 'PX', 250000) end
    end`;
  for (let start = 0; start < records; start += 1_000)
    await redis.cli('EVAL', script, '0', `${start}`, recordOf(start));
}

/** @param {string} output */
function linesWithoutCalls(output) {
  return output.split('\n').filter((line) => !line.includes('"event":"request.answered"')).length;
}

/** @param {string} url */
async function timeCall(url) {
  const startedMs = performance.now();
  const answer = await fetch(`${url}/v1/ice-servers`, { method: 'POST' });
  await answer.text();
  return { ms: performance.now() - startedMs, ok: answer.status === 200 };
}

/** @param {string} directory @param {import('@turn-router/testing').RedisServer} redis */
async function measure(directory, redis) {
  const policyFile = join(directory, 'policy.yaml');
  await writeFile(policyFile, policy);
  const report = () =>
    Promise.all(
      Array.from({ length: 10 }, (_, id) =>
        redis.cli('SET', `turn:node:z:n${id}`, recordOf(Date.now()), 'PX', '15000'),
      ),
    );
  await report();
  const router = await startRouter({
    policyFile,
    redisUrl: redis.url,
    turnSecrets: 'first=only-for-many-records',
    reporterToken: 'only-for-many-records-too',
  });
  try {
    await eventually('the first answer', async () => (await timeCall(router.url)).ok);
    const before = await readProcessFigures(router.pid);
    await writeForeign(redis);

    const calls = [];
    let residentMib = 0;
    for (let second = 0; second < 30; second += 1) {
      if (second % 4 === 0) await report();
      for (let call = 0; call < 20; call += 1) {
        calls.push(await timeCall(router.url));
        await delay(40);
      }
      residentMib = Math.max(residentMib, (await readProcessFigures(router.pid)).residentMib);
    }
    const metrics = await (await fetch(`${router.adminUrl}/metrics`)).text();
    const own = /^turn_router_nodes\{region="z",status="healthy"\} (\d+)/m.exec(metrics)?.[1];
    const leftOut = /^turn_router_left_out_records\{registry="redis-1"\} (\d+)/m.exec(metrics)?.[1];
    return [
      {
        figure: 'growth of resident memory, MiB',
        value: residentMib - before.residentMib,
        most: bounds.residentGrowthMib,
      },
      { figure: 'size of /metrics, KiB', value: metrics.length / 1024, most: bounds.metricsKib },
      { figure: 'log lines other than calls', value: linesWithoutCalls(router.output()), most: bounds.logLines },
      { figure: 'longest call, ms', value: Math.max(...calls.map(({ ms }) => ms)), most: bounds.worstCallMs },
      { figure: 'failed calls', value: calls.filter(({ ok }) => !ok).length, most: 0 },
      { figure: 'own nodes missing', value: 10 - Number(own ?? 0), most: 0 },
      { figure: 'left out records not counted', value: Number(leftOut ?? 0) > 0 ? 0 : 1, most: 0 },
    ];
  } finally {
    await router.stop();
  }
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(usage);
} else {
  const directory = await temporaryDirectory('many-records');
  const redis = await startRedis();
  const measured = measure(directory.path, redis);
  await measured.catch(() => undefined);
  await redis.stop();
  await directory[Symbol.asyncDispose]();
  const rows = await measured;
  console.table(
    rows.map(({ figure, value, most }) => ({ figure, value: Math.round(value), most, isKept: value <= most })),
  );
  if (rows.some(({ value, most }) => value > most)) process.exitCode = 1;
}
