import { drainNode, type DrainOptions } from '../drain/drain-node.ts';
import { createNodeRecord, type NodeRecordOptions } from './node-record.ts';
import { reportUntil, type ReportingOptions } from './report-until.ts';

export type ReporterOptions = NodeRecordOptions &
  Omit<ReportingOptions, 'record'> &
  Omit<DrainOptions, 'record'> & {
    /** Tells the TURN server itself to refuse new allocations. This cannot be undone. */
    readonly drainTurnServer: (software: string | undefined) => Promise<void>;
  };

/**
 * Runs the reporter of a node: report, drain, remove the record. After an order to leave, it returns. After an order to be out of service, it
 * waits until that order ends and starts over. If the order is canceled during the drain, it reports again at once.
 */
export async function runReporter(options: ReporterOptions): Promise<void> {
  const { orders, intervalMs, wait, logger } = options;
  const record = createNodeRecord(options);
  for (;;) {
    const order = orders.current();
    if (order === 'report') {
      await reportUntil(orders.changed(), { ...options, record });
      continue;
    }
    const end = await drainNode(order, { ...options, record });
    if (end === 'undone' || end === 'overtaken') continue;

    // Right before the record is removed, since until here the drain could be canceled.
    await options.drainTurnServer(record.software());
    await record.remove();
    if (orders.current() === 'stay_away') {
      logger.info({ event: 'node.withdrawn' }, 'the node is withdrawn: waiting until the drain file is removed');
    }
    while (orders.current() === 'stay_away') await wait(intervalMs, orders.changed());
    if (orders.current() !== 'report') return;
    logger.info({ event: 'node.restored' }, 'the drain file is gone: probing and reporting again');
    record.forget();
  }
}
