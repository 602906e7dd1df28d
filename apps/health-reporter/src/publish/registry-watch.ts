import { RegistryError } from '@turn-router/registry';
import type { Logger } from '../logger.ts';

/** Runs calls to the registry; whether one went through. Only a RegistryError is expected: anything else is thrown on. */
export type RegistryWatch = (call: () => Promise<void>) => Promise<boolean>;

/** A registry that is away is no reason to stop: it is said once, once more when the kind of fault changes, and once when it is back. */
export function createRegistryWatch(logger: Logger): RegistryWatch {
  return shareRegistryWatch(logger)(logger);
}

/**
 * Watches for several nodes that report to one registry. A fault that many meet is said once, when the first of them meets it, and its end
 * once, when the last of them gets through again.
 *
 * @returns what makes a node's watch; that node's logger says what may concern it alone, such as a token that is refused
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
        logger.warn({ event: 'registry.unreachable', code, reason }, 'registry unreachable: retrying');
      } else {
        nodeLogger.warn({ event: 'registry.request_refused', code, reason }, 'registry refused the request: retrying');
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
          faultLogger.info({ event: 'registry.recovered' }, 'the registry takes reports again');
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

/** One outage has many words, a refusal always the same; empty without a fault. */
function kindOf(error: RegistryError | undefined): string {
  if (error === undefined) return '';
  return error.code === 'unavailable' ? error.code : error.message;
}
