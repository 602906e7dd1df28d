import { RegistryError } from '@turn-router/registry';
import type { Logger } from '../logger.ts';

/** Runs a call to the registry and returns whether it succeeded. Any error other than a RegistryError is thrown. */
export type RegistryWatch = (call: () => Promise<void>) => Promise<boolean>;

/** Catches faults of the registry, so that the reporter keeps running. Logs a fault once, and again if its kind changes. Logs the recovery once. */
export function createRegistryWatch(logger: Logger): RegistryWatch {
  return shareRegistryWatch(logger)(logger);
}

/**
 * Creates watches for several nodes that report to one registry. If many nodes have the same fault, it is logged once, at the first node. Its
 * end is logged once, when the last node succeeds again.
 *
 * @returns a function that creates the watch of one node; the node's logger logs faults that may concern only this node, such as a refused token
 */
export function shareRegistryWatch(logger: Logger): (nodeLogger: Logger) => RegistryWatch {
  const nodesWith = new Map<string, number>();
  const count = (kind: string, change: 1 | -1): number => {
    const nodes = (nodesWith.get(kind) ?? 0) + change;
    if (nodes > 0) nodesWith.set(kind, nodes);
    else nodesWith.delete(kind);
    return nodes;
  };

  return (nodeLogger) => {
    function logFault({ code, message: reason }: RegistryError): void {
      if (code === 'unavailable') {
        logger.warn(
          { event: 'registry.unreachable', code, reason },
          'the registry is unreachable: retrying the report',
        );
      } else {
        nodeLogger.warn(
          { event: 'registry.request_refused', code, reason },
          'the registry refused the request: retrying',
        );
      }
    }
    let last: RegistryError | undefined;
    return async (call) => {
      const error = await errorOf(call);
      if (kindOf(error) !== kindOf(last)) {
        if (error !== undefined && count(kindOf(error), 1) === 1) {
          logFault(error);
        }
        if (last !== undefined && count(kindOf(last), -1) === 0 && error === undefined) {
          const faultLogger = last.code === 'unavailable' ? logger : nodeLogger;
          faultLogger.info({ event: 'registry.recovered' }, 'the registry accepts reports again');
        }
        last = error;
      }
      return error === undefined;
    };
  };
}

async function errorOf(call: () => Promise<void>): Promise<RegistryError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

/** Returns a text that identifies the kind of fault; empty without a fault. An outage may have many messages, so it has one kind. Each message of a refusal is a separate kind. */
function kindOf(error: RegistryError | undefined): string {
  if (error === undefined) return '';
  return error.code === 'unavailable' ? error.code : error.message;
}
