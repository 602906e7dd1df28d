import type { Logger } from '../logger.ts';
import type { OrderControl } from './orders.ts';

/** SIGTERM and SIGINT order the node to leave, a second one to leave at once; SIGUSR2 cancels that. */
export function handleSignals(process: NodeJS.Process, orders: OrderControl, logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => orders.leave());
  process.on('SIGUSR2', () => {
    if (orders.cancelLeave()) return;
    logger.info({ event: 'drain.cancel_ignored' }, 'ignoring SIGUSR2: no SIGTERM or SIGINT came before');
  });
}
