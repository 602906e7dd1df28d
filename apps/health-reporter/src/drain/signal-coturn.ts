import { coturnVersionFrom, isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { readFile } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';

/** The name of coturn's process in Linux (proc(5), `comm`). A stale pid file may hold the number of another process. */
const processName = 'turnserver';

export type SignalCoturnOptions = {
  readonly pidFile: string;
  /** The SOFTWARE that the TURN server sent. */
  readonly software: string | undefined;
  readonly logger: Logger;
};

/** Tells coturn to drain by itself, or logs why not; never rejects. */
export async function signalCoturn({ pidFile, software, logger }: SignalCoturnOptions): Promise<void> {
  const refusal = findDrainRefusal(software) ?? (await trySignal(pidFile));
  if (refusal === undefined) {
    logger.info({ event: 'drain.coturn_signalled', pidFile }, 'told coturn to drain: it exits once it is empty');
  } else {
    logger.warn({ event: 'drain.coturn_not_signalled', pidFile, refusal }, `coturn is not told to drain: ${refusal}`);
  }
}

/** Sends the signal; returns why it could not, undefined on success. */
async function trySignal(pidFile: string): Promise<string | undefined> {
  let failure = 'cannot read the pid file';
  try {
    const pid = parsePidFile(await readFile(pidFile, 'utf8'));
    if (pid === undefined) return 'the pid file does not hold one positive whole number';
    failure = `cannot read the name of process ${pid}`;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
    if (name !== processName) return `process ${pid} is ${JSON.stringify(name)}, not ${JSON.stringify(processName)}`;
    failure = `cannot signal process ${pid}`;
    process.kill(pid, 'SIGUSR1');
    return undefined;
  } catch (error) {
    return `${failure} (${faultName(error)})`;
  }
}

/** The first version that drains on SIGUSR1 (coturn pull request 1529); older ones have no handler, so the signal kills them. */
const firstThatDrains: CoturnVersion = [4, 6, 3];

/**
 * Returns why SIGUSR1 must not be sent to a TURN server with this SOFTWARE; undefined if it may. After the signal, coturn 4.6.3 and later
 * answers new Allocates with 403 and exits once no allocation is left.
 */
export function findDrainRefusal(software: string | undefined): string | undefined {
  if (software === undefined) {
    return 'the server sent no SOFTWARE: coturn 4.7.0 and later needs software-attribute in its configuration';
  }
  const version = coturnVersionFrom(software);
  if (version === undefined) return `the server is ${JSON.stringify(software)}: only coturn drains on a signal`;
  return isOlderCoturn(version, firstThatDrains)
    ? `the signal would kill coturn ${version.join('.')}: only coturn 4.6.3 and later drains on it`
    : undefined;
}

/** Parses a pid file; undefined unless it holds one positive integer and otherwise only white space. */
export function parsePidFile(text: string): number | undefined {
  const [, digits] = /^\s*([1-9]\d{0,9})\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
