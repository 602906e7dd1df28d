// The warden of one run: a process beside it that ends whatever the run leaves behind. Its standard input closes when the run's first process ends.
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { npmAbove } from './npm-above.mjs';
import { openProcessTable } from './process-table.mjs';
import { followMembers, isLiving } from './run-members.mjs';

/** For a script to stop what it has started in order, after npm has ended without it, ms. */
const orderlyEndMs = 6_000;
/** From the end of the pipe, which Node.js closes while it ends, to the end of the first process, ms. */
const lastMomentMs = 1_000;
/** From SIGTERM to SIGKILL, ms. */
const graceMs = 1_500;
/** Between two looks at what is to end, ms. */
const pauseMs = 20;
/** A process that cannot be killed must not keep the warden, ms. */
const killTimeoutMs = 5_000;

const [id = '', folder = '', firstPidText] = process.argv.slice(2);
const firstPid = Number(firstPidText);
const table = openProcessTable();
table.pids();
const first = table.read(firstPid);
const above = first === undefined ? undefined : npmAbove(table, first);
const members = followMembers(table, { id, folder, first });

const end = new AbortController();
for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => end.abort());
process.stdin.resume();

/** Until a time is over, or the first process has ended. @param {number} ms */
function rest(ms) {
  return delay(ms, undefined, { signal: end.signal }).catch(() => undefined);
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or has another user.
  }
}

async function watch() {
  while (!end.signal.aborted) {
    members.look();
    if (above === 'gone' || above?.some((process) => !isLiving(table, process))) {
      send(firstPid, 'SIGTERM');
      await rest(orderlyEndMs);
      return;
    }
    await rest(table.intervalMs);
  }
}

/** Asks all of them to end, also those that were stopped. */
async function ask() {
  members.look({ again: true });
  for (const { pid } of members.living()) {
    send(pid, 'SIGTERM');
    send(pid, 'SIGCONT');
  }
  const untilMs = performance.now() + graceMs;
  while (members.living().length > 0 && performance.now() < untilMs) {
    await delay(pauseMs);
    members.look();
  }
}

/** Kills what is left. All are stopped before the first is killed, so that none starts another meanwhile. */
async function kill() {
  const untilMs = performance.now() + killTimeoutMs;
  do {
    /** @type {Set<number>} */
    const stopped = new Set();
    for (let found = true; found && performance.now() < untilMs;) {
      members.look({ again: true });
      const unstopped = members.living().filter(({ pid }) => !stopped.has(pid));
      for (const { pid } of unstopped) {
        send(pid, 'SIGSTOP');
        stopped.add(pid);
      }
      found = unstopped.length > 0;
    }
    if (stopped.size === 0) return;
    for (const pid of stopped) send(pid, 'SIGKILL');
    await delay(pauseMs);
  } while (performance.now() < untilMs);
}

function isFirstLiving() {
  return first !== undefined && isLiving(table, first);
}

/** Its exit code shall be its own, not that of our SIGTERM. */
async function letFirstEnd() {
  const untilMs = performance.now() + lastMomentMs;
  while (isFirstLiving() && performance.now() < untilMs) {
    await delay(pauseMs);
    table.pids();
  }
}

await watch();
await letFirstEnd();
await ask();
await kill();
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: pauseMs });
process.exit();
