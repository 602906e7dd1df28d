import {
  findChoiceFault,
  readSettings,
  turnSecretSettings,
  type Environment,
  type ReadSettings,
} from '@turn-router/settings';
import { readKeyRing, type KeyRing } from '@turn-router/turn-credentials';

/** Where warnings go: stderr. */
export type Warn = { readonly write: (text: string) => unknown };

/**
 * Reads the key ring from TURN_SECRETS or TURN_SECRET. Returns all faults. Warns of secrets with quotes or other stray characters around them. Neither
 * a fault nor a warning contains a secret.
 */
export function readKeys(environment: Environment, warn: Warn): ReadSettings<KeyRing> {
  const read = readRing(environment);
  for (const { field, detail } of read.ok ? read.warnings : []) {
    warn.write(`Warning: ${field}: ${detail}. The secret is used as it is.\n`);
  }
  return read;
}

function readRing(environment: Environment): ReadSettings<KeyRing> {
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
