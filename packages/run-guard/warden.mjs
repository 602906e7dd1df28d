// The warden of a run: a process that ends every process the run leaves behind. Its stdin closes when the run's first process ends.
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { npmAbove } from './npm-above.mjs';
import { openProcessTable } from './process-table.mjs';
import { followMembers, isLiving } from './run-members.mjs';

/** Time for a script to stop its processes after npm was killed, ms. */
const cleanStopMs = 6_000;
/** Longest time from the end of the pipe, which Node.js closes while it exits, to the exit of the first process, ms. */
const exitTimeoutMs = 1_000;
/** From SIGTERM to SIGKILL, ms. */
const graceMs = 1_500;
/** Interval between two checks for processes that must end, ms. */
const pauseMs = 20;
/** Longest wait for killed processes to end, ms. */
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

/** Waits for a time, or until the first process has ended. @param {number} ms */
function rest(ms) {
  return delay(ms, undefined, { signal: end.signal }).catch(() => undefined);
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended, or belongs to another user.
  }
}

async function watch() {
  while (!end.signal.aborted) {
    members.look();
    if (above === 'gone' || above?.some((process) => !isLiving(table, process))) {
      send(firstPid, 'SIGTERM');
      await rest(cleanStopMs);
      return;
    }
    await rest(table.intervalMs);
  }
}

/** Sends SIGTERM to all members, and SIGCONT, so that stopped ones receive it. Waits up to `graceMs`. */
async function terminate() {
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

/** Kills the remaining members. Stops all of them before it kills the first, so that none starts another process meanwhile. */
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

/** Waits for the first process to exit, so that our SIGTERM does not change its exit code. */
async function waitForFirst() {
  const untilMs = performance.now() + exitTimeoutMs;
  while (isFirstLiving() && performance.now() < untilMs) {
    await delay(pauseMs);
    table.pids();
  }
}

await watch();
await waitForFirst();
await terminate();
await kill();
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: pauseMs });
process.exit();
