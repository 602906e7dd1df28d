import type { SecretMode } from '@turn-router/turn-credentials';
import type { LoadSource } from '../fleet/load-balancer-schema.ts';
import type { ReporterConfig } from './reporter-config.ts';

/** A node that is watched from elsewhere. */
export type WatchedNode = Pick<
  ReporterConfig,
  'key' | 'identity' | 'target' | 'thresholds' | 'intervalMs' | 'ttlMs'
> & {
  /** How Prometheus names it. */
  readonly privateAddress: string;
};

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
