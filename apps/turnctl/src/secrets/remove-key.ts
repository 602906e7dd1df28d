import type { KeyRing } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';

/** Returns the ring without a key. @throws CommandFault if the ring does not contain the key, or contains no other key */
export function removeKey({ keys }: KeyRing, id: string): KeyRing {
  if (keys.every((key) => key.id !== id)) {
    const known = keys.map((key) => key.id).join(', ');
    throw new CommandFault(`${JSON.stringify(id)}: not in TURN_SECRETS: expected one of ${known}`);
  }
  const [newest, ...older] = keys.filter((key) => key.id !== id);
  if (newest === undefined) {
    throw new CommandFault(`"${id}": this is the only key: first add another key with "turnctl secrets rotate"`);
  }
  return { keys: [newest, ...older] };
}
