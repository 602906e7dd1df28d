import type { SecretMode } from '@turn-router/turn-credentials';
import type { LoadSource } from '../fleet/load-source.ts';
import type { WatchedNode } from '../fleet/watched-node.ts';

/** Nothing in here is secret. */
export type FleetConfig = {
  readonly nodes: readonly WatchedNode[];
  /** Whether nodes hold the key ring, or what is derived of it for each. */
  readonly secretMode: SecretMode;
  readonly load: LoadSource;
  /** What stands in the file for another program. */
  readonly unusedFields: readonly string[];
  readonly logLevel: string;
};
