import { close, url } from 'node:inspector';

// While a program is loaded, SIGHUP and SIGUSR2 would end the process, and SIGUSR1 would open a debugger, which can read every secret. From here on
// they do nothing, until the program handles them. A reload during the start is not needed: a program reads its files later. Import this file
// first, and then the program dynamically, because static imports are loaded before the first of them runs.
for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined);

/** An option of Node that opens a debugger. `--inspect-port` only chooses its port. */
const opensDebugger = /(?:^|\s)--inspect(?:[-_](?:brk|wait))?(?:[=\s]|$)/;

const isDebuggerWanted = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((text) =>
  opensDebugger.test(text),
);

/** Closes a debugger that SIGUSR1 has opened before the lines above. */
function closeUnwantedDebugger(): void {
  if (!isDebuggerWanted && url() !== undefined) close();
}

closeUnwantedDebugger();
// Node opens the debugger in another thread, possibly a little after the signal.
setTimeout(closeUnwantedDebugger, 1_000).unref();
