import type { Logger } from '../logger.ts';

/** Says once that a source is missing, and once that it is back. */
export type AbsenceLog = (source: string, present: boolean, consequence: string) => void;

export function createAbsenceLog(logger: Logger): AbsenceLog {
  const missing = new Set<string>();
  return (source, present, consequence) => {
    if (present === !missing.has(source)) return;
    if (present) {
      missing.delete(source);
      logger.info({ source }, `${source} is there again`);
    } else {
      missing.add(source);
      logger.warn({ source }, `no ${source}: ${consequence}`);
    }
  };
}
