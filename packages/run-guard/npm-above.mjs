// Finds the npm process that runs a script. npm ends its script when it ends, but not when it is killed.

/** @typedef {import('./process-table.mjs').ProcessTable} ProcessTable */
/** @typedef {import('./process-table.mjs').ProcessRow} ProcessRow */

const lifecycleVariable = 'npm_lifecycle_event';
const shell = /^(\S*\/)?(sh|bash|dash|zsh|ash) -c /;
const runner = /\b(npm|pnpm|yarn|bun)\b/;

/**
 * Lists the processes from npm (or pnpm) down to a script that it runs, without the script. If one of them ends, the run must end.
 *
 * @param {ProcessTable} table
 * @param {ProcessRow} script
 * @returns {ProcessRow[] | 'gone'} empty if npm did not start the script, `gone` if npm started it and has ended since
 */
export function npmAbove(table, script) {
  // This process has the script's environment.
  if (process.env[lifecycleVariable] === undefined) return [];
  /** @type {ProcessRow[]} */
  const chain = [];
  for (let pid = script.parent; ; pid = chain.at(-1)?.parent ?? 0) {
    const row = table.read(pid);
    if (row === undefined) return 'gone';
    const command = table.command(pid);
    if (shell.test(command)) chain.push(row);
    else if (runner.test(command)) return [...chain, row];
    // Either an adopting process has become the parent, or the parent passed npm's environment to a script that npm did not start.
    else return pid === 1 || isAdopter(table, pid) ? 'gone' : [];
    if (row.parent === 0) return chain;
  }
}

/** @param {ProcessTable} table @param {number} pid */
function isAdopter(table, pid) {
  const environment = table.environment(pid);
  return environment !== '' && !environment.includes(`${lifecycleVariable}=`);
}
