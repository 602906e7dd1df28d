import { drainNode, type DrainOptions } from '../drain/drain-node.ts';
import { createRecordKeeper, type RecordKeeper, type RecordKeeperOptions } from './record-keeper.ts';
import { handOverNode } from './hand-over-node.ts';
import { runReportLoop, type ReportingOptions } from './report-loop.ts';

export type ReporterOptions = RecordKeeperOptions &
  Omit<ReportingOptions, 'keeper'> &
  Omit<DrainOptions, 'keeper'> & {
    /** The time for which the record stays when the reporter stops without a drain. */
    readonly handOverMs: number;
    /** Makes the TURN server refuse new allocations. This cannot be undone. */
    readonly drainTurnServer: (software: string | undefined) => Promise<void>;
  };

/**
 * Runs the reporter of a node: reports, drains, and removes the record. After a stop, it returns. After a hand-over, it leaves the record and returns. After a withdrawal, it waits until the
 * withdrawal ends, and then reports again. If the drain is canceled, it reports again at once.
 */
export async function runReporter(options: ReporterOptions): Promise<void> {
  const { modeControl, intervalMs, wait, logger } = options;
  const keeper = createRecordKeeper(options);
  for (;;) {
    const mode = modeControl.current();
    if (mode === 'report') {
      await runReportLoop(modeControl.changed(), { ...options, keeper: withholdUndecided(keeper) });
      continue;
    }
    if (mode === 'hand_over') {
      await handOverNode({ ...options, keeper });
      // Meanwhile a signal may have asked for a drain.
      if (modeControl.current() === 'hand_over') return;
      continue;
    }
    const end = await drainNode(mode, { ...options, keeper });
    if (end === 'undone' || end === 'overtaken') continue;

    // The drain of the TURN server cannot be undone. So it starts only now, when the node's drain can no longer be canceled.
    await options.drainTurnServer(keeper.software());
    await keeper.remove();
    if (modeControl.current() === 'withdraw') {
      logger.info(
        { event: 'node.withdrawn' },
        'the node is withdrawn and has no record: waiting until the drain file is removed',
      );
    }
    while (modeControl.current() === 'withdraw') await wait(intervalMs, modeControl.changed());
    if (modeControl.current() !== 'report') return;
    logger.info({ event: 'node.restored' }, 'the drain file is gone: the node is probed and reported again');
    keeper.reset();
  }
}

/** Withholds reports while the probes pass but have not proven the node yet. So a restart does not replace the record of the run before by `unhealthy`. */
function withholdUndecided(keeper: RecordKeeper): RecordKeeper {
  return {
    ...keeper,
    publish: (load, draining) => (keeper.isBeingProven() ? Promise.resolve(true) : keeper.publish(load, draining)),
  };
}
