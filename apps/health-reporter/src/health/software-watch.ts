import { coturnVersionFrom, isOlderCoturn, recommendedCoturn } from '@turn-router/stun';
import type { Logger } from '../logger.ts';
import { coturnHoles } from './coturn-holes.ts';

/** Takes what the TURN server called itself in a probe; warns once of each version that has known holes. */
export type SoftwareWatch = (software: string | undefined) => void;

export function createSoftwareWatch(logger: Logger): SoftwareWatch {
  let last: string | undefined;
  return (software) => {
    // A round in which nothing succeeded says nothing of the version.
    if (software === undefined || software === last) return;
    last = software;
    const version = coturnVersionFrom(software);
    if (version === undefined || !isOlderCoturn(version, recommendedCoturn)) return;
    const holes = coturnHoles
      .filter(({ fixedIn }) => isOlderCoturn(version, fixedIn))
      .map(({ name, what }) => `${name}: ${what}`);
    const known = holes.length === 0 ? 'is not the newest' : 'has known holes';
    const advice = `coturn ${recommendedCoturn.join('.')} or later is recommended`;
    logger.warn({ software, holes }, `coturn ${version.join('.')} ${known}; ${advice}`);
  };
}
