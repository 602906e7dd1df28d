import { coturnVersionFrom, isOlderCoturn, recommendedCoturn } from '@turn-router/stun';
import type { Logger } from '../logger.ts';
import { coturnHoles } from './coturn-holes.ts';

/** Takes the SOFTWARE that the TURN server sent in a probe, and warns once of each outdated version. */
export type SoftwareWatch = (software: string | undefined) => void;

export function createSoftwareWatch(logger: Logger): SoftwareWatch {
  let last: string | undefined;
  return (software) => {
    // A round without success reveals no version.
    if (software === undefined || software === last) return;
    last = software;
    const version = coturnVersionFrom(software);
    if (version === undefined || !isOlderCoturn(version, recommendedCoturn)) return;
    const holes = coturnHoles
      .filter(({ fixedIn }) => isOlderCoturn(version, fixedIn))
      .map(({ name, what }) => `${name}: ${what}`);
    const [installed, recommended] = [version.join('.'), recommendedCoturn.join('.')];
    if (holes.length === 0) {
      logger.warn(
        { event: 'coturn.outdated', software, holes },
        `coturn ${installed} is outdated: upgrade to ${recommended} or later`,
      );
    } else {
      logger.warn(
        { event: 'coturn.vulnerable', software, holes },
        `coturn ${installed} has known security holes: upgrade to ${recommended} or later`,
      );
    }
  };
}
