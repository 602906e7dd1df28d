import type { NodeKey, NodeReport, NodeReportFault } from '@turn-router/contract';

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
};

/**
 * Where TURN nodes are reported and read. Every call either settles within a bounded time or rejects with a RegistryError, whatever
 * the state of the server behind it.
 */
export interface NodeRegistry extends AsyncDisposable {
  /** Writes the report whole; it vanishes `ttlMs` later unless it is written again. */
  put(key: NodeKey, report: NodeReport, ttlMs: number): Promise<void>;
  /** Takes the node's report away; taking away what is not there is no error. */
  remove(key: NodeKey): Promise<void>;
  /** All reports that have not expired, in no particular order. A bad record is rejected alone. */
  readAll(): Promise<RegistryReading>;
}
