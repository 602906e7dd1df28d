import type { Lookup } from './dialled-path.ts';

/** The addresses of host names of the fleet, for planning. Each probe looks its own name up again. */
export interface KnownNames {
  readonly addressesOf: ReadonlyMap<string, readonly string[]>;
  /**
   * Looks up the names of the targets, and a few more names of the fleet in turn. So the prober learns how many names have the same address.
   * Names that are gone are forgotten. Never rejects.
   */
  refresh(ofTargets: readonly string[], ofFleet: readonly string[]): Promise<void>;
}

/** Names of other nodes that are looked up in one round. After some rounds, a fleet of usual size is known. */
const othersInRound = 16;

export function createKnownNames(lookup: Lookup): KnownNames {
  const addressesOf = new Map<string, readonly string[]>();
  let next = 0;

  async function look(name: string): Promise<void> {
    try {
      addressesOf.set(name, await lookup(name));
    } catch {
      // A name without addresses is at no address. The probe says why.
      addressesOf.delete(name);
    }
  }
  return {
    addressesOf,
    async refresh(ofTargets, ofFleet) {
      const wanted = new Set(ofFleet);
      for (const name of addressesOf.keys()) if (!wanted.has(name)) addressesOf.delete(name);
      const others = Array.from(
        { length: Math.min(othersInRound, ofFleet.length) },
        (_, index) => ofFleet[(next + index) % ofFleet.length],
      );
      next = ofFleet.length === 0 ? 0 : (next + othersInRound) % ofFleet.length;
      const names = new Set([...ofTargets, ...others].filter((name) => name !== undefined));
      await Promise.all([...names].map(look));
    },
  };
}
