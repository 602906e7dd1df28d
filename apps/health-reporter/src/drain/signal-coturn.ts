import { coturnVersionFrom, isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { readFile } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';

/** The name of coturn's process in Linux (proc(5), `comm`). If the pid file is out of date, its number may belong to another process. */
const processName = 'turnserver';

export type SignalCoturnOptions = {
  readonly pidFile: string;
  /** The SOFTWARE that the TURN server sent. */
  readonly software: string | undefined;
  readonly logger: Logger;
};

/** Sends coturn the signal to drain. If this is not possible, logs the reason. Never rejects. */
export async function signalCoturn({ pidFile, software, logger }: SignalCoturnOptions): Promise<void> {
  const refusal = findDrainRefusal(software) ?? (await trySignal(pidFile));
  if (refusal === undefined) {
    logger.info(
      { event: 'drain.coturn_signalled', pidFile },
      'coturn got the signal to drain: it exits when it has no allocation left',
    );
  } else {
    logger.warn(
      { event: 'drain.coturn_not_signalled', pidFile, refusal },
      `coturn got no signal to drain and keeps accepting allocations: ${refusal}`,
    );
  }
}

/** Sends the signal. Returns the reason if this was not possible, undefined on success. */
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

/** The first version that drains on SIGUSR1 (coturn pull request 1529). Older versions have no handler, so the signal kills them. */
const firstThatDrains: CoturnVersion = [4, 6, 3];

/**
 * Returns the reason why a TURN server with this SOFTWARE must not get SIGUSR1; undefined if it may get the signal. After the signal, coturn
 * 4.6.3 and later answers each new Allocate with 403, and exits when no allocation is left.
 */
export function findDrainRefusal(software: string | undefined): string | undefined {
  if (software === undefined) {
    return 'the server sent no version: coturn 4.7.0 and later sends it only with software-attribute in its configuration';
  }
  const version = coturnVersionFrom(software);
  if (version === undefined) return `the server is ${JSON.stringify(software)}, and only coturn drains on a signal`;
  return isOlderCoturn(version, firstThatDrains)
    ? `the signal would kill coturn ${version.join('.')}, and only coturn 4.6.3 and later drains on it`
    : undefined;
}

/** Parses a pid file. Returns undefined if the file holds anything except one positive integer and white space. */
export function parsePidFile(text: string): number | undefined {
  const [, digits] = /^\s*([1-9]\d{0,9})\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
