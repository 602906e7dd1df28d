import type { Transport } from '@turn-router/contract/http';
import type { ProofPath } from '@turn-router/contract/registry';
import { isIP } from 'node:net';
import { isPermittedTarget, type AddressRules } from './permitted-address.ts';
import type { PublishedPath } from './published-path.ts';

/** A path to one address. The address was checked and is the one that is dialled, so a second DNS lookup cannot change it. */
export type DialledPath = {
  readonly transport: Transport;
  readonly family: ProofPath['family'];
  readonly port: number;
  readonly serverName?: string;
} & (
  | { readonly address: string; readonly fault?: undefined }
  | { readonly address?: undefined; readonly fault: NonNullable<ProofPath['reason']> }
);

/** Returns all addresses of a name. Rejects with a system error if the name has none, or if no DNS server answers. */
export type Lookup = (name: string) => Promise<readonly string[]>;

/**
 * Looks up the names of the paths, and applies the address rules after DNS. Each path has at most one address of each family: the first that is
 * permitted.
 */
export async function dialledPaths(
  paths: readonly PublishedPath[],
  { lookup, rules }: { lookup: Lookup; rules: AddressRules },
): Promise<DialledPath[]> {
  const names = new Set(paths.map(({ host }) => host).filter((host) => isIP(host) === 0));
  const found = new Map(
    await Promise.all([...names].map(async (name) => [name, await addressesOf(name, lookup)] as const)),
  );
  return paths.flatMap(({ host, ...path }) => {
    const addresses = isIP(host) === 0 ? (found.get(host) ?? []) : [host];
    if (!Array.isArray(addresses)) return [{ ...path, family: 'ipv4', fault: addresses } as const];
    return (['ipv4', 'ipv6'] as const).flatMap((family): DialledPath[] => {
      const ofFamily = addresses.filter((address) => isIP(address) === (family === 'ipv4' ? 4 : 6));
      if (ofFamily.length === 0) return [];
      const address = ofFamily.find((candidate) => isPermittedTarget({ address: candidate, port: path.port }, rules));
      return address === undefined ? [{ ...path, family, fault: 'address_forbidden' }] : [{ ...path, family, address }];
    });
  });
}

/** DNS codes that say that the name has no address. Any other fault is one of the prober's own DNS. */
const noSuchName: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA']);

async function addressesOf(name: string, lookup: Lookup): Promise<string[] | 'unreachable' | 'aborted'> {
  try {
    return [...(await lookup(name))];
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return noSuchName.has(code) ? 'unreachable' : 'aborted';
  }
}
