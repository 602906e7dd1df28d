import type { NodeKey, NodeReport, NodeReportFault } from '@turn-router/contract/registry';

/** A report that stands in the registry. */
export type NodeRecord = { readonly key: NodeKey; readonly report: NodeReport };

/** A record that is no report; `name` is its key as stored, which may be anything. */
export type RejectedRecord = {
  readonly name: string;
  readonly reason: NodeReportFault['reason'] | 'bad_key';
  readonly detail: string;
};

export type RegistryReading = {
  readonly records: readonly NodeRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Another one when another server answers than before, or the same one started anew; undefined where that cannot be known. */
  readonly serverId?: string | undefined;
};

/** What a reading of the whole fleet has shown that the follower's reading before had not. */
export type FollowedReading = Omit<RegistryReading, 'records'> & {
  /** Nodes that have reported since, new ones among them; so may be one that wrote the same report again. */
  readonly changed: readonly NodeRecord[];
  /** Nodes that were there, and have no report now. */
  readonly gone: readonly NodeKey[];
};

/** Reads one registry over and over. One reading after the other: the next may begin when the last has ended. */
export interface RegistryFollower {
  /** Of a reading that rejects nothing is lost: the next one tells what has changed since the last that did not. */
  read(): Promise<FollowedReading>;
}

/**
 * Where TURN nodes are reported and read, and where routers see each other. Every call either settles within a bounded time or rejects
 * with a RegistryError, whatever the state of the server behind it.
 */
export interface NodeRegistry extends AsyncDisposable {
  /** Writes the report whole; it vanishes `ttlMs` later unless it is written again. */
  put(key: NodeKey, report: NodeReport, ttlMs: number): Promise<void>;
  /** Takes the node's report away; taking away what is not there is no error. */
  remove(key: NodeKey): Promise<void>;
  /** All reports that have not expired, in no particular order. A bad record is rejected alone. */
  readAll(): Promise<RegistryReading>;
  /** Begins to follow the registry: the first reading tells of every node. */
  follow(): RegistryFollower;
  /**
   * Says that this router is alive.
   *
   * @param replicaId its own for as long as it runs; at most one router has it
   * @returns how many routers have said so within the last `replicaLifetimeMs`, this one included
   */
  announceReplica(replicaId: string): Promise<number>;
  /** Says that this router is about to stop; for one that never was alive it is no error. */
  withdrawReplica(replicaId: string): Promise<void>;
}

/**
 * How long a router counts as alive after it last said so, ms. Longer: a dead one is taken into account for longer. Shorter: one that
 * was held up for a moment is left out, and those that remain each take over its share of the calls.
 */
export const replicaLifetimeMs = 5_000;
