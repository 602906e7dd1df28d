import {
  findChoiceFault,
  readSettings,
  turnSecretSettings,
  type Environment,
  type ReadSettings,
} from '@turn-router/settings';
import { readKeyRing, type KeyRing } from '@turn-router/turn-credentials';

/** The ring of TURN_SECRETS or TURN_SECRET, or every fault of it; none holds a secret. */
export function readKeys(environment: Environment): ReadSettings<KeyRing> {
  return readSettings(
    {
      settings: turnSecretSettings,
      findFaults: (values, given) => [
        ...findChoiceFault(given, 'TURN_SECRETS', 'TURN_SECRET'),
        ...readKeyRing(values).faults,
      ],
      configFrom(values) {
        const { keyRing } = readKeyRing(values);
        // Only the compiler cannot see that findFaults has already refused this.
        if (keyRing === undefined) throw new TypeError('A key ring may not be missing here');
        return keyRing;
      },
    },
    environment,
  );
}
