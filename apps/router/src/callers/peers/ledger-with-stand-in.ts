import { RegistryError, type LimitLedger } from '@turn-router/registry';

/**
 * A ledger, and another that is asked while it fails; meanwhile it is tried in the background, so that nobody waits for it. The two know
 * nothing of each other: their answers are of different epochs, and whoever asks has to tell each of them everything.
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

/** @throws whatever is no RegistryError */
function registryErrorOf(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  throw error;
}
