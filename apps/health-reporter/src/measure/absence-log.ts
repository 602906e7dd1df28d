import type { Logger } from '../logger.ts';
import { createPresenceWatch } from './presence-watch.ts';

/** Logs once that a source cannot be read, with the consequence. Logs once that the source can be read again. */
export type AbsenceLog = (source: string, present: boolean, consequence: string) => void;

export function createAbsenceLog(logger: Logger): AbsenceLog {
  const watch = createPresenceWatch();
  return (source, present, consequence) => {
    const change = watch(source, present);
    if (change === 'found') logger.info({ event: 'measure.source_restored', source }, `${source} can be read again`);
    if (change === 'lost')
      logger.warn({ event: 'measure.source_missing', source }, `${source} cannot be read: ${consequence}`);
  };
}
