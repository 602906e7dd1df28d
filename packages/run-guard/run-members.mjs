// Which processes belong to a run.

/** @typedef {import('./process-table.mjs').ProcessTable} ProcessTable */
/** @typedef {import('./process-table.mjs').ProcessRow} ProcessRow */

/**
 * Follows the processes of a run: its first process, descendants of it, those in sessions that descendants have made, and those that hold
 * the run's id in their environment or work in its folder (redis-server overwrites its environment). Each is remembered until it ends, because its parent may end before it.
 *
 * @param {ProcessTable} table
 * @param {{id: string, folder: string, first: ProcessRow | undefined}} run `first`: undefined when it has ended before anybody looked
 */
export function followMembers(table, { id, folder, first }) {
  const mark = new RegExp(`(^|\\0)TURN_ROUTER_RUNS=[^\\0]*\\b${id}\\b`);
  /** @type {Map<number, ProcessRow>} */
  const members = new Map();
  /** Sessions that members have made; never that of the first process, in which its caller may be. @type {Set<number>} */
  let sessions = new Set();
  /** Processes that were looked at: what does not belong to a run never comes to belong to it. @type {Set<number>} */
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

  /** Forgets those that have ended, and sessions that nobody is left in. */
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
   * @param {{again?: boolean}} [how] `again`: looks at every process, also at those that it has seen
   */
  function look({ again = false } = {}) {
    const pids = new Set(table.pids());
    forgetEnded();
    for (const pid of seen) if (again || !pids.has(pid)) seen.delete(pid);
    let unseen = [...pids].filter((pid) => pid !== process.pid && !seen.has(pid) && !members.has(pid));
    // Once more whenever it has found one: others may be children of that one.
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

  /** Those of the members that still run, as of the last look. @returns {ProcessRow[]} */
  function living() {
    return [...members.values()].filter((member) => isLiving(table, member));
  }

  return { look, living };
}

/**
 * @param {ProcessTable} table
 * @param {ProcessRow} earlier
 * @returns {boolean} whether that very process still runs
 */
export function isLiving(table, { pid, startedAt }) {
  const row = table.read(pid);
  return row !== undefined && row.startedAt === startedAt && !row.hasEnded;
}
