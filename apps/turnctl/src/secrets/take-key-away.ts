import type { KeyRing } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';

/** The ring without a key. @throws CommandFault when it is not there, or nothing would be left */
export function takeKeyAway({ keys }: KeyRing, id: string): KeyRing {
  if (keys.every((key) => key.id !== id)) {
    const known = keys.map((key) => key.id).join(', ');
    throw new CommandFault(`${JSON.stringify(id)}: not in TURN_SECRETS: expected one of ${known}`);
  }
  const [newest, ...older] = keys.filter((key) => key.id !== id);
  if (newest === undefined) {
    throw new CommandFault(`"${id}": the only key: expected another beside it; "turnctl secrets rotate" makes one`);
  }
  return { keys: [newest, ...older] };
}
