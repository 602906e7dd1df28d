import { RegistryError, type LimitLedger } from '@turn-router/registry';

/**
 * Combines a main ledger with a stand-in, which is used while the main ledger fails. A ledger is the count of calls that all routers share. The
 * main ledger is tried again in the background, so that no exchange waits for it. Main ledger and stand-in share no data. Their answers have
 * different epochs, and each of them must get all reports.
 */
export function createLedgerWithStandIn(main: LimitLedger, standIn: LimitLedger): LimitLedger {
  let failure: RegistryError | undefined;
  let trial: Promise<void> | undefined;

  async function tryMain(replicaId: string): Promise<void> {
    try {
      await main.exchangeLimits(replicaId, [], []);
      failure = undefined;
    } catch (error) {
      failure = registryErrorOf(error);
    } finally {
      trial = undefined;
    }
  }

  return {
    async exchangeLimits(replicaId, reports, busy) {
      if (failure === undefined) {
        try {
          return await main.exchangeLimits(replicaId, reports, busy);
        } catch (error) {
          failure = registryErrorOf(error);
        }
      } else {
        trial ??= tryMain(replicaId);
      }
      const { code, fault, message } = failure;
      try {
        return await standIn.exchangeLimits(replicaId, reports, busy);
      } catch (error) {
        throw new RegistryError(code, `${message}; ${registryErrorOf(error).message}`, { fault, cause: error });
      }
    },
  };
}

/** @throws any error that is not a RegistryError */
function registryErrorOf(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  throw error;
}
