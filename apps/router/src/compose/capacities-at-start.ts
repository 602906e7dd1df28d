import { keptCapacitiesFile, openKeptCapacities, type KeptCapacities } from '../fleet/kept-capacities.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';

export type CapacitiesParts = { readonly logger: Logger; readonly metrics: Pick<Metrics, 'useUnsaved'> };

/** Opens the proven capacities in STATE_DIR, and logs their faults. */
export function openKeptCapacitiesOf(
  stateDir: string | undefined,
  writes: boolean,
  { logger, metrics }: CapacitiesParts,
): Promise<KeptCapacities> {
  if (stateDir !== undefined && writes) metrics.useUnsaved(keptCapacitiesFile, false);
  return openKeptCapacities({
    stateDir,
    writes,
    onWriteFailed(error) {
      metrics.useUnsaved(keptCapacitiesFile, true);
      logger.warn(
        { event: 'capacity.save_failed', err: error },
        'cannot write the proven capacities to STATE_DIR: the stored copy is outdated',
      );
    },
    onWriteRecovered() {
      metrics.useUnsaved(keptCapacitiesFile, false);
      logger.info({ event: 'capacity.saved' }, 'proven capacities can be written to STATE_DIR again');
    },
    onDamaged: () =>
      logger.warn(
        { event: 'capacity.copy_damaged', file: keptCapacitiesFile },
        'stored copy of the proven capacities is damaged: ignoring it',
      ),
  });
}
