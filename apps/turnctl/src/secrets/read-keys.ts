import {
  findChoiceFault,
  readSettings,
  turnSecretSettings,
  type Environment,
  type ReadSettings,
} from '@turn-router/settings';
import { readKeyRing, type KeyRing } from '@turn-router/turn-credentials';

/** Reads the key ring from TURN_SECRETS or TURN_SECRET. Returns all faults. A fault never contains a secret. */
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
        // Unreachable, because findFaults has rejected a missing ring. The check is for the compiler.
        if (keyRing === undefined) throw new TypeError('The key ring is missing');
        return keyRing;
      },
    },
    environment,
  );
}
