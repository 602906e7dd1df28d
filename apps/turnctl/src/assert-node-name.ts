import { parseNodeName } from '@turn-router/contract/registry';
import { CommandFault } from './command-fault.ts';

/** @throws CommandFault unless the text is `<region>/<id>` */
export function assertNodeName(text: string): void {
  if (parseNodeName(text) !== undefined) return;
  throw new CommandFault(`Invalid node ${JSON.stringify(text)}: expected <region>/<id> with names of a–z, 0–9 and "-"`);
}
