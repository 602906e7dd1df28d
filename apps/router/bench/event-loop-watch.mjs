// This module is loaded into a server by `--import`. On SIGUSR2, it writes to the file EVENT_LOOP_FILE how long the event loop was blocked since the
// last signal. On a busy machine, a process also stalls while another process uses its core. So the time of its own work is recorded separately.
import { writeFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';

const intervalMs = 1;
const blocked = createHistogram();
const worked = createHistogram();
let lastMs = performance.now();
let lastCpu = process.cpuUsage();

setInterval(() => {
  const nowMs = performance.now();
  const { user, system } = process.cpuUsage(lastCpu);
  const blockedUs = (nowMs - lastMs - intervalMs) * 1000;
  lastMs = nowMs;
  lastCpu = process.cpuUsage();
  // A histogram accepts whole numbers from 1.
  blocked.record(Math.max(1, Math.round(blockedUs)));
  worked.record(Math.max(1, Math.round(Math.min(blockedUs, user + system))));
}, intervalMs).unref();

process.on('SIGUSR2', () => {
  const figures = { blocked: figuresOf(blocked), worked: figuresOf(worked) };
  blocked.reset();
  worked.reset();
  writeFileSync(process.env['EVENT_LOOP_FILE'] ?? '', JSON.stringify(figures));
});

/** @param {import('node:perf_hooks').RecordableHistogram} histogram */
function figuresOf(histogram) {
  return { maxMs: histogram.max / 1000, p99Ms: histogram.percentile(99) / 1000 };
}
