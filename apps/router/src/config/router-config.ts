import type { KeyRing, SecretMode } from '@turn-router/turn-credentials';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import type { AuthConfig, AuthSecrets } from '../callers/auth/auth-config.ts';
import type { PeersConfig } from '../callers/peers/share-with-peers.ts';

/** How this router runs. Holds nothing that must not be shown. */
export type RouterConfig = {
  /** `host` undefined: every address of the machine. */
  readonly publicListener: { readonly host: string | undefined; readonly port: number };
  readonly adminListener: { readonly host: string; readonly port: number };
  /** Where routers agree on limits while Redis is away, and where this one listens for that; undefined: they don't. */
  readonly peers: PeersConfig | undefined;
  readonly auth: AuthConfig;
  /** Whether TURN servers hold the key ring, or what is derived of it. */
  readonly secretMode: SecretMode;
  readonly policyFile: string;
  readonly geoipFiles: readonly string[];
  /** IP addresses and CIDR prefixes. */
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Processes that answer callers; 1: this one, and no other. */
  readonly workers: number;
  /** Where last good snapshots are kept; undefined: nowhere. */
  readonly stateDir: string | undefined;
  readonly logLevel: string;
};

/** What nobody may see. */
export type RouterSecrets = AuthSecrets & {
  readonly keyRing: KeyRing;
  /** Undefined: nobody may report over HTTP. */
  readonly reporterToken: string | undefined;
  /** Undefined: there is no admin API. */
  readonly adminTokens: AdminTokens | undefined;
  /** What routers show each other; undefined where they have no peers. */
  readonly peerSecret: string | undefined;
};
