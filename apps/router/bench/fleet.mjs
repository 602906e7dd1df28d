// Simulates a fleet of reporters. Each node writes its report to Redis every 5 s. The nodes write one after the other.
import { startScriptedReporters } from '@turn-router/testing';

const nodeCount = Number(process.env['NODES']);
const regions = (process.env['REGIONS'] ?? '').split(',');

await startScriptedReporters({
  redisPort: Number(process.env['REDIS_PORT']),
  intervalMs: 5_000,
  ttlMs: 15_000,
  varyBandwidth: true,
  nodes: Array.from({ length: nodeCount }, (_, index) => ({
    name: `${regions[index % regions.length]}/node-${index}`,
    report: {
      status: 'healthy',
      cpu: 20 + (index % 10),
      bandwidth_mbps: 150 + (index % 50),
      bandwidth_capacity_mbps: 1000,
      public_ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      port: 3478,
      boot_id: `boot-${index}`,
    },
  })),
});
process.stdout.write('every node has reported\n');
