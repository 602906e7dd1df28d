import { coturnVersionFrom, isOlderCoturn, type CoturnVersion } from '@turn-router/stun';

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
