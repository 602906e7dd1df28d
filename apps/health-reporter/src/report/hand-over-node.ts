import type { Logger } from '../logger.ts';
import type { LoadMeter } from '../measure/load-meter.ts';
import type { RecordKeeper } from './record-keeper.ts';

export type HandOverOptions = {
  readonly keeper: Pick<RecordKeeper, 'hasReported' | 'publishLast'>;
  readonly meter: Pick<LoadMeter, 'measure'>;
  readonly handOverMs: number;
  readonly logger: Logger;
};

/**
 * Leaves the node to the next run of its reporter: publishes a last report, whose record stays for `handOverMs`. The TURN server continues, and is not
 * signalled. If this run has not reported, the record of the run before stays as it is.
 */
export async function handOverNode({ keeper, meter, handOverMs, logger }: HandOverOptions): Promise<void> {
  if (!keeper.hasReported()) return;
  const seconds = handOverMs / 1000;
  // If the registry does not accept the report, this is logged, and the record expires with its TTL.
  if (!(await keeper.publishLast(await meter.measure(), handOverMs))) return;
  logger.info(
    { event: 'node.handed_over', seconds },
    `the reporter stops without a drain: routers keep the node while it answers, for at most ${seconds} s`,
  );
}
