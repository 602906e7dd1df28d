import { coturnVersionFrom, isOlderCoturn, recommendedCoturn, type CoturnVersion } from '@turn-router/stun';
import type { Logger } from '../logger.ts';
import { brokenCoturnVersions, coturnVulnerabilities } from './coturn-vulnerabilities.ts';

/** Reads the SOFTWARE that the TURN server sent in a probe. Logs each outdated or broken version once. */
export type SoftwareWatch = (software: string | undefined) => void;

export function createSoftwareWatch(logger: Logger): SoftwareWatch {
  let last: string | undefined;
  return (software) => {
    // If all probes of a round failed, the version is unknown.
    if (software === undefined || software === last) return;
    last = software;
    const version = coturnVersionFrom(software);
    if (version === undefined || !isOlderCoturn(version, recommendedCoturn)) return;
    const isAffected = ({ since, fixedIn }: { since?: CoturnVersion; fixedIn: CoturnVersion }) =>
      isOlderCoturn(version, fixedIn) && (since === undefined || !isOlderCoturn(version, since));
    const holes = coturnVulnerabilities.filter(isAffected).map(({ name, impact }) => `${name}: ${impact}`);
    const [installed, recommended] = [version.join('.'), recommendedCoturn.join('.')];
    const defect = brokenCoturnVersions.find(isAffected)?.defect;
    if (defect !== undefined) {
      logger.error(
        { event: 'coturn.broken', software, holes, defect },
        `coturn ${installed} is broken: ${defect}: upgrade to ${recommended} or later`,
      );
    } else if (holes.length === 0) {
      logger.warn(
        { event: 'coturn.outdated', software, holes },
        `coturn ${installed} is outdated: upgrade to ${recommended} or later`,
      );
    } else {
      logger.warn(
        { event: 'coturn.vulnerable', software, holes },
        `coturn ${installed} has known security vulnerabilities: upgrade to ${recommended} or later`,
      );
    }
  };
}
