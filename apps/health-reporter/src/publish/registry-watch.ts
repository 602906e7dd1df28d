import { RegistryError, type RegistryErrorCode } from '@turn-router/registry';
import type { Logger } from '../logger.ts';

/** Runs calls to the registry; whether one went through. Only a RegistryError is expected: anything else is thrown on. */
export type RegistryWatch = (call: () => Promise<void>) => Promise<boolean>;

/** A registry that is away is no reason to stop: it is said once, once more when the kind of fault changes, and once when it is back. */
export function createRegistryWatch(logger: Logger): RegistryWatch {
  let fault: RegistryErrorCode | undefined;
  return async (call) => {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      if (error.code !== fault)
        logger.warn({ code: error.code, reason: error.message }, 'the registry takes no reports');
      fault = error.code;
      return false;
    }
    if (fault !== undefined) logger.info('the registry takes reports again');
    fault = undefined;
    return true;
  };
}
