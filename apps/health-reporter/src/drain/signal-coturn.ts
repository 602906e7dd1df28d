import { readFile } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';
import { findDrainRefusal, parsePidFile } from './coturn-drain.ts';

/** What Linux calls coturn's process (proc(5), `comm`). A pid file may be older than the process that has its number. */
const processName = 'turnserver';

export type SignalCoturnOptions = {
  readonly pidFile: string;
  /** What the TURN server said that it is. */
  readonly software: string | undefined;
  readonly logger: Logger;
};

/** Has coturn drain by itself, or logs why not; never rejects. */
export async function signalCoturn({ pidFile, software, logger }: SignalCoturnOptions): Promise<void> {
  const refusal = findDrainRefusal(software) ?? (await trySignal(pidFile));
  if (refusal === undefined) logger.info({ pidFile }, 'the TURN server was told to drain: it ends once it is empty');
  else logger.warn({ pidFile, refusal }, `the TURN server is not told to drain: ${refusal}`);
}

/** Why no signal was sent; undefined: it was. */
async function trySignal(pidFile: string): Promise<string | undefined> {
  let doing = 'the pid file cannot be read';
  try {
    const pid = parsePidFile(await readFile(pidFile, 'utf8'));
    if (pid === undefined) return 'the pid file holds something else than one positive whole number';
    doing = `process ${pid} cannot be looked at`;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
    if (name !== processName) return `process ${pid} is ${JSON.stringify(name)}, not ${JSON.stringify(processName)}`;
    doing = `process ${pid} cannot be signalled`;
    process.kill(pid, 'SIGUSR1');
    return undefined;
  } catch (error) {
    return `${doing} (${faultName(error)})`;
  }
}
