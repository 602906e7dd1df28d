import type { NodeRecord } from '../nodes/node-registry.ts';

/** The content of one file: the records of one reading of one registry. */
export type StoredSnapshot = {
  readonly records: readonly NodeRecord[];
  /** By the clock of the machine that wrote the file: shown to people, never compared. */
  readonly savedAt: Date;
  /** The server that was read, as in RegistryReading; undefined when unknown. */
  readonly serverId: string | undefined;
};
