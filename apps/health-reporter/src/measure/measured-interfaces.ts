import type { Logger } from '../logger.ts';
import { defaultInterface } from './default-interface.ts';

/** The interfaces whose traffic is measured. */
export interface MeasuredInterfaces {
  readonly names: () => readonly string[];
  /** Looks for the default route again if there was none so far. A network may come up after the reporter. Returns whether the names have changed. */
  readonly update: () => Promise<boolean>;
}

/** The interface that is measured without a default route. It rarely carries the calls. */
const fallback: readonly string[] = ['lo'];

/**
 * Chooses the interfaces: the configured ones, else the interface of the default route. Without a default route, logs a warning and chooses `lo`.
 *
 * @param configured the value of NETWORK_INTERFACE
 * @param read returns the text of a file below `/`
 */
export async function chooseInterfaces(
  configured: readonly string[] | undefined,
  read: (path: string) => Promise<string>,
  logger: Logger,
): Promise<MeasuredInterfaces> {
  let names = configured;

  async function update(): Promise<boolean> {
    if (names !== undefined) return false;
    const routed = defaultInterface(await read('proc/net/route'), await read('proc/net/ipv6_route'));
    if (routed === undefined) return false;
    names = [routed];
    return true;
  }

  if (configured === undefined && !(await update())) {
    logger.warn(
      { event: 'measure.no_default_route', networkInterfaces: fallback },
      'there is no default route: set NETWORK_INTERFACE to the interface of the calls',
    );
  }
  return { names: () => names ?? fallback, update };
}
