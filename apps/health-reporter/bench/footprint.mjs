#!/usr/bin/env node
// Measures the memory and the CPU time of one reporter. It runs the built program at its default settings.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardRun } from '@turn-router/run-guard';
import {
  freePort,
  makeCertificate,
  readProcessFigures,
  startCoturn,
  startParts,
  startProcess,
  startRedis,
  temporaryDirectory,
} from '@turn-router/testing';
import { holdAllocations } from './hold-allocations.mjs';

const usage = `Usage: node bench/footprint.mjs [--short]

Measures the built health-reporter with a real coturn (UDP, TCP, TLS) and a real Redis. Writes results.md in this directory. The
measurement takes about seven minutes. It needs redis-server, turnserver, openssl and faketime. With --short, it takes half a
minute and writes no file.
`;

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const plan = values.short ? { warmUpSeconds: 5, seconds: 10 } : { warmUpSeconds: 30, seconds: 180 };

const secret = 'bench-secret-of-2026';
const hostname = 'turn.test';
/** The default relay ports of the reporter. */
const relayPorts = { min: 49_152, max: 65_535 };
const allocationCount = 1_000;

/** The interval between two samples of the memory, ms. */
const memorySampleMs = 1_000;

/** Starts a reporter with its servers, and waits until it has proven its node over UDP, TCP and TLS. */
function startNode() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('footprint'));
    const { certificateFile, privateKeyFile } = await makeCertificate(directory.path, hostname);
    const redis = add(await startRedis());
    const tls = { port: await freePort(), certificateFile, privateKeyFile };
    const coturn = add(await startCoturn({ secrets: [secret], relayPorts, tls }));
    const reporter = add(
      await startProcess({
        name: 'the health-reporter',
        command: process.execPath,
        args: [fileURLToPath(new URL('../dist/main.js', import.meta.url))],
        env: {
          REGION: 'eu-central-1',
          NODE_ID: 'node-01',
          PUBLIC_IP: coturn.address,
          TURN_HOSTNAME: hostname,
          TURN_PORT: `${coturn.port}`,
          TURN_TLS_PORT: `${tls.port}`,
          TURN_SECRET: secret,
          REDIS_URL: redis.url,
          NODE_EXTRA_CA_CERTS: certificateFile,
        },
        isReady: (output) => output.includes('"msg":"the node is healthy"'),
      }),
    );
    const report = async () => JSON.parse(await redis.cli('GET', 'turn:node:eu-central-1:node-01'));
    return { pid: reporter.pid, coturn, report };
  });
}

/** @param {number} pid */
async function measure(pid) {
  await delay(plan.warmUpSeconds * 1000);
  const startedAtMs = performance.now();
  const before = await readProcessFigures(pid);
  let { residentMib } = before;
  while (performance.now() < startedAtMs + plan.seconds * 1000) {
    await delay(memorySampleMs);
    residentMib = Math.max(residentMib, (await readProcessFigures(pid)).residentMib);
  }
  const { processorSeconds, anonymousMib } = await readProcessFigures(pid);
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { residentMib, anonymousMib, cpuPercent: (100 * (processorSeconds - before.processorSeconds)) / seconds };
}

/** @typedef {Awaited<ReturnType<typeof measure>> & {allocations: number}} Footprint */

/** @param {readonly Footprint[]} footprints */
function reportOf(footprints) {
  return `# Resource use of one reporter

Written by \`npm run bench\` on: ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}. Programs: Node ${process.versions.node},
${versionOf('redis-server', /v=([\d.]+)/, 'Redis')}, ${versionOf('turnserver', /([\d.]+)/, 'coturn')}.

The built program runs at its default settings. It proves UDP, TCP and TLS of coturn, and reports to Redis. The measurement lasts
${plan.seconds} s after a warm-up of ${plan.warmUpSeconds} s.

- **Live allocations** are real allocations, which carry no traffic.
- **Resident memory** is sampled once a second. The table has the maximum.
- **Anonymous memory** is the part of the resident memory at the end that does not come from files. The rest is mainly Node itself.
- **CPU** is the CPU time that Linux counted for the process.

| live allocations | resident, MiB | anonymous, MiB | CPU, % of a core |
| ---: | ---: | ---: | ---: |
${footprints.map(rowOf).join('\n')}

The limits for a reporter are 80 MiB and 1 % of a core.
`;
}

/** @param {Footprint} footprint */
function rowOf({ allocations, residentMib, anonymousMib, cpuPercent }) {
  return `| ${allocations} | ${residentMib.toFixed(1)} | ${anonymousMib.toFixed(1)} | ${cpuPercent.toFixed(2)} |`;
}

/** @param {string} program @param {RegExp} pattern @param {string} name */
function versionOf(program, pattern, name) {
  return `${name} ${pattern.exec(String(execFileSync(program, ['--version'])))?.[1] ?? 'unknown'}`;
}

if (values.help) process.stdout.write(usage);
else {
  guardRun();
  const node = await startNode();
  try {
    const idle = { allocations: 0, ...(await measure(node.pid)) };
    const calls = await holdAllocations(allocationCount, node.coturn, secret);
    const busy = await measure(node.pid);
    const { allocations, transports } = await node.report();
    await calls.release();
    if (transports.length !== 3) throw new Error(`only these transports are proven: ${transports.join()}`);
    const report = reportOf([idle, { allocations, ...busy }]);
    process.stdout.write(report);
    if (!values.short) await writeFile(new URL('results.md', import.meta.url), report);
  } finally {
    await node[Symbol.asyncDispose]();
  }
}
