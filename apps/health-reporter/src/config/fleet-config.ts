import type { NodeKey } from '@turn-router/contract/registry';
import type { SecretMode } from '@turn-router/turn-credentials';
import type { LoadSource } from '../fleet/load-source.ts';
import type { WatchedNode } from '../fleet/watched-node.ts';

/** The configuration of a fleet watch. It holds no secret. */
export type FleetConfig = {
  readonly nodes: readonly WatchedNode[];
  /** The kind of the nodes' secrets: shared secrets, or per-node secrets derived from master keys. */
  readonly secretMode: SecretMode;
  readonly load: LoadSource;
  /** The name under which the watch proves nodes from outside, and the interval between two probes of a node. Undefined: it does not. */
  readonly prober: { readonly key: NodeKey; readonly everyMs: number } | undefined;
  /** Fields of the file that only the older balancer uses. */
  readonly unusedFields: readonly string[];
  readonly logLevel: string;
};
