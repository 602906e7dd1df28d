/** The proven capacity of nodes, Mbit/s, by the name of the node. */
export type ProvenCapacities = ReadonlyMap<string, number>;

/** Keeps what nodes have proven while they are away, and from an earlier process. */
export interface ProvenMemory {
  /** Takes the proven capacity of a node that is back. 0 if it is not known. */
  readonly take: (name: string) => number;
  readonly keep: (name: string, provenMbps: number) => void;
  /** The proven capacity of all nodes. Those that are here come last. */
  readonly all: (
    present: Iterable<readonly [string, { readonly track: { readonly provenMbps: number } }]>,
  ) => ProvenCapacities;
}

/** Maximum number of absent nodes. If there are more, the ones that are away for the longest time are forgotten. */
const absentMax = 50_000;

export function createProvenMemory(restored: ProvenCapacities = new Map()): ProvenMemory {
  const absent = new Map(restored);
  return {
    take(name) {
      const provenMbps = absent.get(name) ?? 0;
      absent.delete(name);
      return provenMbps;
    },
    keep(name, provenMbps) {
      if (provenMbps <= 0) return;
      absent.delete(name);
      absent.set(name, provenMbps);
      const [oldest] = absent.size > absentMax ? absent.keys() : [];
      if (oldest !== undefined) absent.delete(oldest);
    },
    all(present) {
      const all = new Map(absent);
      for (const [name, { track }] of present) if (track.provenMbps > 0) all.set(name, track.provenMbps);
      return all;
    },
  };
}
