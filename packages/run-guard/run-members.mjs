// Finds the processes that belong to a run.

/** @typedef {import('./process-table.mjs').ProcessTable} ProcessTable */
/** @typedef {import('./process-table.mjs').ProcessRow} ProcessRow */

/**
 * Follows the processes of a run: its first process, the descendants of that, the processes in sessions that descendants created, and those
 * with the run's id in their environment or with a working folder in the run's folder (redis-server overwrites its environment). Members
 * are remembered until they end, because their parent may end first.
 *
 * @param {ProcessTable} table
 * @param {{id: string, folder: string, first: ProcessRow | undefined}} run `first` is undefined if it had already ended
 */
export function followMembers(table, { id, folder, first }) {
  const mark = new RegExp(`(^|\\0)TURN_ROUTER_RUNS=[^\\0]*\\b${id}\\b`);
  /** @type {Map<number, ProcessRow>} */
  const members = new Map();
  /** Sessions that members created. Excludes the session of the first process, which may contain its caller. @type {Set<number>} */
  let sessions = new Set();
  /** Processes already examined. A process that is not a member does not become one later. @type {Set<number>} */
  const seen = new Set();

  /** @param {ProcessRow} row */
  function isMember({ pid, parent, session, startedAt }) {
    if (first?.pid === pid && first.startedAt === startedAt) return true;
    if (members.has(parent) || sessions.has(session)) return true;
    return mark.test(table.environment(pid)) || `${table.workingFolder(pid)}/`.startsWith(`${folder}/`);
  }

  /** @param {ProcessRow} row */
  function add(row) {
    members.set(row.pid, row);
    if (row.pid === row.session && row.pid !== first?.pid) sessions.add(row.session);
  }

  /** Forgets ended members, and sessions without a living member. */
  function forgetEnded() {
    const earlier = [...members.values()];
    const earlierSessions = sessions;
    members.clear();
    sessions = new Set();
    for (const { pid, startedAt } of earlier) {
      const row = table.read(pid);
      if (row === undefined || row.startedAt !== startedAt) continue;
      add(row);
      if (earlierSessions.has(row.session)) sessions.add(row.session);
    }
  }

  /**
   * Looks for new processes.
   *
   * @param {{again?: boolean}} [how] `again`: examines every process, also those already examined
   */
  function look({ again = false } = {}) {
    const pids = new Set(table.pids());
    forgetEnded();
    for (const pid of seen) if (again || !pids.has(pid)) seen.delete(pid);
    let unseen = [...pids].filter((pid) => pid !== process.pid && !seen.has(pid) && !members.has(pid));
    // Repeats after each find, because other processes may be children of the new member.
    for (let found = true; found;) {
      found = false;
      unseen = unseen.filter((pid) => {
        seen.add(pid);
        const row = table.read(pid);
        if (row === undefined) return false;
        if (!isMember(row)) return true;
        add(row);
        found = true;
        return false;
      });
    }
  }

  /** Lists the members that still run, as of the last look. @returns {ProcessRow[]} */
  function living() {
    return [...members.values()].filter((member) => isLiving(table, member));
  }

  return { look, living };
}

/**
 * @param {ProcessTable} table
 * @param {ProcessRow} earlier
 * @returns {boolean} whether the same process still runs
 */
export function isLiving(table, { pid, startedAt }) {
  const row = table.read(pid);
  return row !== undefined && row.startedAt === startedAt && !row.hasEnded;
}
