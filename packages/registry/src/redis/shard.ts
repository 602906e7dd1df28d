/** A server that holds all nodes, or a part of them. Every call rejects with a RegistryError only. */
export interface Shard {
  /** Changes when another server answers. */
  readonly serverId: string | undefined;
  /** The keys of nodes on it. */
  readonly listNames: () => Promise<Set<string>>;
  /** The texts under these keys, null where there is none. Also those of keys that have moved to another shard. */
  readonly values: (names: readonly string[]) => Promise<(string | null)[]>;
  /** The lengths of the texts under these keys, bytes; 0 where there is none. */
  readonly lengths: (names: readonly string[]) => Promise<number[]>;
}

/** Keys asked for in one step, so that no single command holds Redis up: at 4 KiB each, 2 MiB an answer. */
export const batchSize = 512;
