import type { Logger } from '../logger.ts';
import type { OrderDesk } from './orders.ts';

/** SIGTERM and SIGINT tell to leave, a second one at once; SIGUSR2 takes that back. */
export function obeySignals(process: NodeJS.Process, orders: OrderDesk, logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => orders.leave());
  process.on('SIGUSR2', () => {
    if (orders.takeBack()) return;
    logger.info({ event: 'drain.cancel_ignored' }, 'ignoring SIGUSR2: no SIGTERM or SIGINT came before');
  });
}
