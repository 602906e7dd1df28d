import { isNodePort, unreachableKind } from '@turn-router/contract/registry';
import { isIP } from 'node:net';

/** Where a probe may go, whatever a record says. */
export type AddressRules = {
  /** Loopback is permitted while the registry itself is on loopback, as in a trial on one machine. */
  readonly allowsLoopback: boolean;
};

/** Whether a prober may send to this address and port. Private addresses are permitted, because some fleets have private callers. */
export function isPermittedTarget({ address, port }: { address: string; port: number }, rules: AddressRules): boolean {
  return isNodePort(port) && isPermittedAddress(address, rules);
}

/** Whether a prober may send to this address. Text that is no address, and an address with a zone, are not permitted. */
export function isPermittedAddress(address: string, { allowsLoopback }: AddressRules): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  return unreachableKind(address, (judged) => allowsLoopback && judged.range() === 'loopback') === undefined;
}
