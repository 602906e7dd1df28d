// Reads the processes of this machine from /proc, or from `ps` if there is no /proc.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * @typedef {object} ProcessRow
 * @property {number} pid
 * @property {number} parent its process id
 * @property {number} session the id of its session; with `ps`, of its process group
 * @property {string} startedAt differs from that of a later process with the same id
 * @property {boolean} hasEnded it is a zombie that waits for its parent
 */

/**
 * @typedef {object} ProcessTable
 * @property {() => number[]} pids reads the table again
 * @property {(pid: number) => ProcessRow | undefined} read
 * @property {(pid: number) => string} environment of a process at its start, `NAME=value` with a null byte after each; empty if unknown
 * @property {(pid: number) => string} command with a space after each argument; empty if unknown
 * @property {(pid: number) => string} workingFolder path; empty if unknown
 * @property {number} intervalMs shortest interval between reads that takes at most a hundredth of a core
 */

/** @returns {ProcessTable} */
export function openProcessTable() {
  return existsSync('/proc/self/stat') ? procTable() : psTable();
}

/** @returns {ProcessTable} */
function procTable() {
  return {
    pids: () =>
      readdirSync('/proc')
        .map(Number)
        .filter((pid) => pid > 0),
    read: (pid) => {
      const stat = readProc(pid, 'stat');
      // The name is in parentheses and may contain any character, also parentheses.
      const [state = '', parent, , session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === '') return undefined;
      // proc_pid_stat(5): the start time is the 22nd field, and the state the third.
      const startedAt = rest[15] ?? '';
      return { pid, parent: Number(parent), session: Number(session), startedAt, hasEnded: 'ZXx'.includes(state) };
    },
    environment: (pid) => readProc(pid, 'environ'),
    command: (pid) => readProc(pid, 'cmdline').replaceAll('\0', ' '),
    workingFolder: (pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`);
      } catch {
        return '';
      }
    },
    intervalMs: 500,
  };
}

/** @param {number} pid @param {string} file */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // The process has ended, or belongs to another user.
    return '';
  }
}

/** @returns {ProcessTable} */
export function psTable() {
  /** @type {Map<number, ProcessRow>} */
  let rows = new Map();
  return {
    pids() {
      const lines = String(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='])).split('\n');
      rows = new Map(
        lines.flatMap((line) => {
          const [pid, parent, session, state, ...startedAt] = line.trim().split(/\s+/);
          if (state === undefined) return [];
          const row = { pid: Number(pid), parent: Number(parent), session: Number(session) };
          return [[row.pid, { ...row, startedAt: startedAt.join(' '), hasEnded: state.startsWith('Z') }]];
        }),
      );
      return [...rows.keys()];
    },
    read: (pid) => rows.get(pid),
    environment: () => '',
    workingFolder: () => '',
    command: (pid) => {
      try {
        return String(execFileSync('ps', ['-o', 'args=', '-p', `${pid}`])).trim();
      } catch {
        return '';
      }
    },
    intervalMs: 2_000,
  };
}
