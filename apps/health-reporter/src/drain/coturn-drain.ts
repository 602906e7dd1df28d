/** The first that drains by SIGUSR1 (coturn pull request 1529); older ones have no handler, and the signal ends them. */
const firstThatDrains = [4, 6, 3] as const;

/** What coturn calls itself: `Coturn-4.17.2 'Gorst'`. */
const coturnPattern = /^Coturn-(\d+)\.(\d+)\.(\d+)/;

/**
 * Why SIGUSR1 must not be sent to a TURN server that says it is `software`; undefined: it may. From 4.6.3 on coturn then answers new
 * Allocates with 403, and ends by itself once none is left.
 */
export function findDrainRefusal(software: string | undefined): string | undefined {
  if (software === undefined) {
    return 'it has not said what it is: coturn does from 4.7.0 on only with software-attribute in its configuration';
  }
  const [, ...version] = coturnPattern.exec(software) ?? [];
  if (version.length === 0) return `it says that it is ${JSON.stringify(software)}: only coturn drains by a signal`;
  return isOlder(version.map(Number), firstThatDrains)
    ? `it is coturn ${version.join('.')}, which the signal would end: coturn drains by it from 4.6.3 on`
    : undefined;
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const place = than.findIndex((part, index) => part !== version[index]);
  return place >= 0 && (version[place] ?? 0) < (than[place] ?? 0);
}

/** The process of a pid file; undefined unless it holds one positive integer, and white space. */
export function parsePidFile(text: string): number | undefined {
  const [, digits] = /^\s*([1-9]\d{0,9})\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
