import type { NodeKey, NodeReport, NodeReportFault } from '@turn-router/contract/registry';

/** A node's report as stored in the registry. */
export type NodeRecord = { readonly key: NodeKey; readonly report: NodeReport };

/** An invalid record. `name` is its unvalidated key. */
export type RejectedRecord = {
  readonly name: string;
  /**
   * `wrong_type`: the key holds no string. `no_expiry`: the report no longer changes, and has no TTL or a too long one. `bad_address` and `bad_port`:
   * the report names an address or a port that callers must not get.
   */
  readonly reason: NodeReportFault['reason'] | 'bad_key' | 'wrong_type' | 'no_expiry' | 'bad_address' | 'bad_port';
  readonly detail: string;
};

export type RegistryReading = {
  readonly records: readonly NodeRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** The number of records that were not read, because there are more than the maximum. Absent: none. */
  readonly leftOut?: number;
  /** A command that Redis does not permit. The reading continues without the check that needs it. */
  readonly refusedCommand?: string;
  /** Changes when another server answers or the server has restarted; undefined when that cannot be known. */
  readonly serverId?: string | undefined;
};

/** The changes since the follower's previous reading of the whole fleet. */
export type FollowedReading = Omit<RegistryReading, 'records'> & {
  /** Nodes with a report since the previous reading, new nodes included. A node that wrote the same report again may be included too. */
  readonly changed: readonly NodeRecord[];
  /** Nodes whose report has disappeared. */
  readonly gone: readonly NodeKey[];
};

/** Reads one registry repeatedly. A reading may only begin after the previous one has ended. */
export interface RegistryFollower {
  /** If a reading rejects, no change is lost: the next reading returns all changes since the last successful one. */
  read(): Promise<FollowedReading>;
}

/**
 * Stores node reports and the list of live routers. Every call settles within a bounded time or rejects with a RegistryError, whatever the
 * state of the server behind it.
 */
export interface NodeRegistry extends AsyncDisposable {
  /** Replaces the node's report. It expires after `ttlMs` unless it is written again. */
  put(key: NodeKey, report: NodeReport, ttlMs: number): Promise<void>;
  /** Removes the node's report. Succeeds even if there is no report. */
  remove(key: NodeKey): Promise<void>;
  /** Reads all reports that have not expired, in no particular order. An invalid record does not affect the others. */
  readAll(): Promise<RegistryReading>;
  /** Creates a follower, whose first reading returns every node as changed. */
  follow(): RegistryFollower;
  /**
   * Announces that this router is alive.
   *
   * @param replicaId unique to this router process
   * @returns the number of routers announced within the last `replicaLifetimeMs`, this one included
   */
  announceReplica(replicaId: string): Promise<number>;
  /** Removes this router from the count before it stops. Succeeds even if the router was never announced. */
  withdrawReplica(replicaId: string): Promise<void>;
}

/**
 * How long a router counts as alive after its last announcement, ms. With a longer time, a dead router is counted for longer. With a
 * shorter time, a router that was delayed for a moment is not counted. The other routers then take over its part of every limit.
 */
export const replicaLifetimeMs = 5_000;

/**
 * The largest number of records that a router reads from a registry. With a larger number, a client that can write to the registry can make each
 * router use more memory and CPU time: 50 000 records of the usual size take about 100 MiB.
 */
export const recordsMax = 50_000;
