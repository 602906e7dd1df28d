import type { NodeRecord } from '../nodes/node-registry.ts';

/** What one file holds: the records of one reading of one registry. */
export type StoredSnapshot = {
  readonly records: readonly NodeRecord[];
  /** By the clock of the machine that wrote it: shown to people, never compared. */
  readonly savedAt: Date;
  /** The server that was read, as in RegistryReading; undefined where that was not known. */
  readonly serverId: string | undefined;
};
