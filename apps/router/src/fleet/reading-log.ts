import type { TimedReading } from '@turn-router/registry';
import { createLogBudget } from '../observe/log-budget.ts';
import type { Logger } from '../observe/logger.ts';
import { createRejectionLog } from '../observe/rejection-log.ts';

/** At most this many records are named in a minute. The metrics count all of them. */
const namedPerMinute = 200;

/** Logs what a reading of a registry does not use: invalid records, records beyond the maximum, and checks that Redis refuses. */
export function createReadingLog(
  registry: string,
  logger: Logger,
  monotonicNowMs: () => number,
): (reading: Pick<TimedReading, 'rejected' | 'leftOut' | 'refusedCommand'>) => void {
  const withNameBudget = createLogBudget(monotonicNowMs, namedPerMinute);
  // A writer can make the number of records change all the time.
  const withCountBudget = createLogBudget(monotonicNowMs, 2);
  const logRejected = createRejectionLog((rejected) =>
    withNameBudget(() =>
      logger.warn({ event: 'registry.record_ignored', ...rejected }, 'ignoring invalid registry record'),
    ),
  );
  let isOver = false;
  let refused: string | undefined;
  return ({ rejected, leftOut = 0, refusedCommand }) => {
    logRejected(rejected);
    if (leftOut > 0 && !isOver) {
      withCountBudget(() =>
        logger.error(
          { event: 'registry.records_left_out', registry, count: leftOut },
          'registry has more records than REGISTRY_MAX_RECORDS: ignoring the records beyond it',
        ),
      );
    }
    if (leftOut === 0 && isOver) {
      withCountBudget(() =>
        logger.info({ event: 'registry.records_complete', registry }, 'all records of the registry are read again'),
      );
    }
    isOver = leftOut > 0;
    if (refusedCommand !== undefined && refusedCommand !== refused) {
      logger.warn(
        { event: 'redis.check_skipped', registry, command: refusedCommand },
        'Redis refuses a command to this user: skipping the check that needs it',
      );
    }
    refused = refusedCommand ?? refused;
  };
}
