import { coturnVersionFrom, isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { readFile } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';

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
  if (refusal === undefined) {
    logger.info({ event: 'drain.coturn_signalled', pidFile }, 'told coturn to drain: it exits once it is empty');
  } else {
    logger.warn({ event: 'drain.coturn_not_signalled', pidFile, refusal }, `coturn is not told to drain: ${refusal}`);
  }
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

/** The first that drains by SIGUSR1 (coturn pull request 1529); older ones have no handler, and the signal ends them. */
const firstThatDrains: CoturnVersion = [4, 6, 3];

/**
 * Why SIGUSR1 must not be sent to a TURN server that says it is `software`; undefined: it may. From 4.6.3 on coturn then answers new
 * Allocates with 403, and ends by itself once none is left.
 */
export function findDrainRefusal(software: string | undefined): string | undefined {
  if (software === undefined) {
    return 'it has not said what it is: coturn does from 4.7.0 on only with software-attribute in its configuration';
  }
  const version = coturnVersionFrom(software);
  if (version === undefined) return `it says that it is ${JSON.stringify(software)}: only coturn drains by a signal`;
  return isOlderCoturn(version, firstThatDrains)
    ? `it is coturn ${version.join('.')}, which the signal would end: coturn drains by it from 4.6.3 on`
    : undefined;
}

/** The process of a pid file; undefined unless it holds one positive integer, and white space. */
export function parsePidFile(text: string): number | undefined {
  const [, digits] = /^\s*([1-9]\d{0,9})\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
