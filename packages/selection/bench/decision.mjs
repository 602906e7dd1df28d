#!/usr/bin/env node
// How long one decision takes: region, spill and node out of many. As µs on this machine, and as multiples of one HMAC-SHA1, which every
// answer needs anyway.
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { policySchema } from '@turn-router/contract';
import { createBalancer } from '@turn-router/selection';
import { Bench } from 'tinybench';

const policy = policySchema.parse({
  defaultRegion: 'home',
  regions: {
    home: { location: [50.11, 8.68], spillover: ['next', 'far'] },
    next: { location: [38.95, -77.45], spillover: ['home'] },
    far: { location: [1.35, 103.82], spillover: ['home'] },
  },
});

/**
 * A balancer over three regions whose home is busy enough to spill.
 *
 * @param {number} nodesPerRegion
 */
function balancerOf(nodesPerRegion) {
  const nodes = ['home', 'next', 'far'].flatMap((region) =>
    Array.from({ length: nodesPerRegion }, (_, index) => ({
      key: { region, id: `node-${index}` },
      report: /** @type {const} */ ({
        status: 'healthy',
        cpu: 30,
        bandwidth_mbps: region === 'home' ? 800 + (index % 50) : 300,
        bandwidth_capacity_mbps: index % 2 === 0 ? 1000 : 1050,
        public_ip: `192.0.2.${index % 250}`,
        port: 3478,
      }),
    })),
  );
  const balancer = createBalancer(policy);
  balancer.observe({ nodes, replicas: 4 }, 0);
  return balancer;
}

const bench = new Bench({ time: 1000, warmupTime: 300 });
let nowMs = 0;
for (const nodes of [12, 1000, 10_000]) {
  const balancer = balancerOf(nodes);
  const caller = { homeRegion: 'home' };
  const decide = (/** @type {Parameters<typeof balancer.choose>[1]} */ wishes) => {
    nowMs += 0.01;
    const decision = balancer.choose(caller, wishes, nowMs, Math.random);
    if (!decision.ok) throw new Error(decision.code);
    balancer.countIssued(decision.nodes, nowMs);
  };
  bench.add(`decision, ${nodes} nodes a region`, () => decide({ maxNodes: 1 }));
  bench.add(`decision for two nodes over udp but for two, ${nodes} nodes a region`, () =>
    decide({ maxNodes: 2, transports: ['udp'], excludeNodes: ['home/node-1', 'home/node-2'] }),
  );
}
const signature = 'HMAC-SHA1 of a username';
bench.add(signature, () =>
  createHmac('sha1', 'a secret of some length').update('1795332546:3q2-7wABCdEf').digest('base64'),
);
await bench.run();

const figures = bench.tasks.map(({ name, result }) => {
  if (result.state !== 'completed') throw new Error(`${name} did not run to its end`);
  return { name, meanUs: result.latency.mean * 1000, p99Us: result.latency.p99 * 1000 };
});
const signatureUs = figures.find(({ name }) => name === signature)?.meanUs ?? Number.NaN;
const rows = figures.map(
  ({ name, meanUs, p99Us }) =>
    `| ${name} | ${meanUs.toFixed(2)} | ${p99Us.toFixed(2)} | ${(meanUs / signatureUs).toFixed(2)} |`,
);
const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
const report = `# One decision

Written by \`npm run bench\` on: ${machine}. The last column compares within the run: multiples of the signature that every answer needs.

| what | mean, µs | p99, µs | × signature |
| --- | ---: | ---: | ---: |
${rows.join('\n')}
`;
await writeFile(new URL('results.md', import.meta.url), report);
process.stdout.write(report);
