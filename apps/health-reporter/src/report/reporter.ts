import { drainNode, type DrainOptions } from '../drain/drain-node.ts';
import { createNodeRecord, type NodeRecordOptions } from './node-record.ts';
import { reportUntil, type ReportingOptions } from './report-until.ts';

export type ReporterOptions = NodeRecordOptions &
  Omit<ReportingOptions, 'record'> &
  Omit<DrainOptions, 'record'> & {
    /** Asks the TURN server itself to take no new allocations. It cannot be taken back. */
    readonly drainTurnServer: (software: string | undefined) => Promise<void>;
  };

/**
 * The life of a node: it reports, drains, and is gone. By an order to leave that is the end; by one to stay away it comes back as it first
 * came, once that order holds no longer. An order that is taken back during the drain leads back at once.
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

    // Right before the record goes, since up to here the drain could be taken back.
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
