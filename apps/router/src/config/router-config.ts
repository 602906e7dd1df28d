import type { KeyRing, SecretMode } from '@turn-router/turn-credentials';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import type { AuthConfig, AuthSecrets } from '../callers/auth/auth-config.ts';
import type { PeersConfig } from '../callers/peers/share-with-peers.ts';

/** The configuration of this router without its secrets. */
export type RouterConfig = {
  /** If `host` is undefined: every address of the machine. */
  readonly publicListener: { readonly host: string | undefined; readonly port: number };
  readonly adminListener: { readonly host: string; readonly port: number };
  /** The peer listeners, for sharing limits while Redis is unreachable. Undefined: this router has no peers. */
  readonly peers: PeersConfig | undefined;
  readonly auth: AuthConfig;
  /** Whether TURN servers hold the shared secrets themselves, or per-node secrets that are derived from them. */
  readonly secretMode: SecretMode;
  readonly policyFile: string;
  readonly geoipFiles: readonly string[];
  /** IP addresses and CIDR prefixes. */
  readonly trustedProxies: readonly string[];
  /** The header believed from them, in lower case. */
  readonly clientAddressHeader: string;
  readonly corsOrigins: readonly string[];
  /** The largest number of nodes that the router reads from each registry. */
  readonly registryMaxRecords: number;
  /** Number of processes that answer callers; 1: only this process. */
  readonly workers: number;
  /** Directory for the last good snapshots; undefined: they are not stored. */
  readonly stateDir: string | undefined;
  readonly logLevel: string;
};

/** The secrets of this router. */
export type RouterSecrets = AuthSecrets & {
  readonly keyRing: KeyRing;
  /** Undefined: reports over HTTP are refused. */
  readonly reporterToken: string | undefined;
  /** Undefined: there is no admin API. */
  readonly adminTokens: AdminTokens | undefined;
  /** The secret shared with all peers; undefined: this router has no peers. */
  readonly peerSecret: string | undefined;
};
