import type { NodeRecord } from '../nodes/node-registry.ts';

/** The content of one file: the records of one reading of one registry. */
export type StoredSnapshot = {
  readonly records: readonly NodeRecord[];
  /** The time by the clock of the machine that wrote the file. It is shown to people and never compared. */
  readonly savedAt: Date;
  /** The server that was read, as in RegistryReading; undefined when unknown. */
  readonly serverId: string | undefined;
};
